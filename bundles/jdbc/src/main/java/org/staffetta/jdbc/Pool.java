package org.staffetta.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.Properties;
import javax.sql.DataSource;
import org.osgi.service.jdbc.DataSourceFactory;

/** Connections to one database. */
public final class Pool implements AutoCloseable {

    private static final int IDLE = 2;

    // a server, database or role may have it off; what is stronger than on stays
    private static final String COMMIT_WAITS = "SELECT set_config('synchronous_commit', "
            + "CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false)";

    private final HikariDataSource hikari;

    private Pool(HikariDataSource hikari) {
        this.hikari = hikari;
    }

    /**
     * Makes a pool; the database is not asked for a connection yet.
     *
     * @param driver of that database
     * @throws SQLException if the driver does not understand the settings
     */
    public static Pool open(PoolSettings settings, DataSourceFactory driver) throws SQLException {
        Properties properties = new Properties();
        properties.putAll(settings.url().defaults());
        properties.setProperty(DataSourceFactory.JDBC_URL, settings.url().text());
        properties.setProperty(DataSourceFactory.JDBC_USER, settings.user());
        properties.setProperty(DataSourceFactory.JDBC_PASSWORD, settings.password());
        HikariConfig config = new HikariConfig();
        config.setDataSource(driver.createDataSource(properties));
        config.setPoolName("jdbc." + settings.name());
        config.setMinimumIdle(IDLE);
        config.setInitializationFailTimeout(-1);
        config.setThreadFactory(Thread.ofPlatform().daemon().name("staffetta-jdbc-" + settings.name()).factory());
        if (settings.url().kind() == JdbcUrl.Kind.POSTGRESQL) {
            config.setConnectionInitSql(COMMIT_WAITS);
        }
        config.setMaximumPoolSize(settings.size());
        config.setConnectionTimeout(settings.patience().toMillis());
        return new Pool(new HikariDataSource(config));
    }

    /** Where the connections are taken from. */
    public DataSource source() {
        return hikari;
    }

    /** Changes how many connections a running pool may have. */
    void resize(int size) {
        hikari.getHikariConfigMXBean().setMaximumPoolSize(size);
    }

    /** Closes all connections, those in use as well. */
    @Override
    public void close() {
        hikari.close();
    }
}
