package org.staffetta.spool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.jdbc.Pool;
import org.staffetta.sql.TestDatabase;

/** The contract, on embedded H2. */
class H2SpoolTest extends JdbcSpoolContract {

    @TempDir
    Path folder;

    @Override
    TestDatabase database() {
        return TestDatabase.h2(folder);
    }

    @Test
    void a_page_of_entries_is_read_in_the_order_of_an_index_and_not_sorted() throws Exception {
        spool();
        try (Pool pool = database().open();
                Connection connection = pool.source().getConnection();
                PreparedStatement explain = connection.prepareStatement("EXPLAIN " + EntryTable.PAGE)) {
            explain.setObject(1, Moment.of(Instant.EPOCH));
            explain.setObject(2, Moment.of(Instant.EPOCH));
            explain.setString(3, "");
            explain.setInt(4, 50);
            try (ResultSet plan = explain.executeQuery()) {
                plan.next();
                assertThat(plan.getString(1)).contains("PUBLIC.SPOOL_ENTRY_ARRIVAL", "index sorted");
            }
        }
    }
}
