package org.staffetta.spool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.staffetta.api.spool.Spool;
import org.staffetta.jdbc.Pool;
import org.staffetta.sql.Database;
import org.staffetta.sql.TestDatabase;
import org.staffetta.testkit.SpoolContract;

/** The contract, in a database. */
abstract class JdbcSpoolContract extends SpoolContract {

    static final JdbcSpool.Settings SETTINGS = new JdbcSpool.Settings("test", Duration.ofSeconds(30),
            Duration.ofMillis(50));

    private final List<String> alarms = Collections.synchronizedList(new ArrayList<>());
    private Pool pool;
    private JdbcSpool spool;

    abstract TestDatabase database() throws Exception;

    @Override
    protected Spool spool() throws IOException {
        try {
            if (spool == null) {
                pool = database().open();
                spool = JdbcSpool.open(Database.open(pool.source()), SETTINGS, clock(), new SecureRandom(),
                        alarms::add);
            }
            return spool;
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @Override
    protected Spool reopen() throws IOException {
        spool();
        close();
        return spool();
    }

    private void close() {
        spool.close();
        pool.close();
        spool = null;
    }

    @AfterEach
    void closeAndLookForAlarms() throws SQLException {
        if (spool != null) {
            close();
        }
        assertThat(alarms).isEmpty();
    }
}
