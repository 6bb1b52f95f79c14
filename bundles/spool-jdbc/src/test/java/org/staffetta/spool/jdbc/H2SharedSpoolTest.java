package org.staffetta.spool.jdbc;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.sql.TestDatabase;

/** Several servers, on embedded H2. */
class H2SharedSpoolTest extends SharedSpoolContract {

    @TempDir
    Path folder;

    @Override
    TestDatabase database() {
        return TestDatabase.h2(folder);
    }
}
