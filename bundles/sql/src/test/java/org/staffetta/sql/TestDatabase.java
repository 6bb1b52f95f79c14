package org.staffetta.sql;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.h2.util.OsgiDataSourceFactory;
import org.osgi.service.jdbc.DataSourceFactory;
import org.postgresql.osgi.PGDataSourceFactory;
import org.staffetta.jdbc.JdbcUrl;
import org.staffetta.jdbc.Pool;
import org.staffetta.jdbc.PoolSettings;
import org.staffetta.testkit.PostgresServer;

/**
 * A database to test with, and how the server would connect to it.
 *
 * @param url of the database
 * @param user who logs in
 * @param password of that user
 * @param driver of the database
 */
public record TestDatabase(JdbcUrl url, String user, String password, DataSourceFactory driver) {

    private static final int SIZE = 20;

    /** H2 in a folder. */
    public static TestDatabase h2(Path folder) {
        return new TestDatabase(JdbcUrl.parse("jdbc:h2:test", folder), "staffetta", "",
                new OsgiDataSourceFactory(new org.h2.Driver()));
    }

    /** A new database of a real PostgreSQL. */
    public static TestDatabase postgres() throws IOException, InterruptedException, SQLException {
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        return new TestDatabase(JdbcUrl.parse(database.url(), Path.of("")), database.user(), database.password(),
                new PGDataSourceFactory());
    }

    /** A pool as the server makes it. */
    public Pool open() throws SQLException {
        return open(SIZE);
    }

    /** As above, of so many connections. */
    public Pool open(int size) throws SQLException {
        return Pool.open(new PoolSettings("test", url, user, password, size, Duration.ofSeconds(30)), driver);
    }
}
