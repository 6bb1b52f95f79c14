package org.staffetta.directory.jdbc;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.sql.TestDatabase;

/** The contract, on embedded H2. */
class H2DirectoryTest extends JdbcDirectoryContract {

    @TempDir
    static Path folder;

    @Override
    TestDatabase database() {
        return TestDatabase.h2(folder);
    }
}
