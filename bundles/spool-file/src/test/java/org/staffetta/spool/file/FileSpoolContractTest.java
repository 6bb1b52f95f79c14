package org.staffetta.spool.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.spool.Spool;
import org.staffetta.testkit.SpoolContract;

/** The contract, on a real folder. */
class FileSpoolContractTest extends SpoolContract {

    private static final Settings SETTINGS = new Settings(1 << 20, 256 << 10, 0, 0, 64 << 20, Duration.ofMillis(50));

    @TempDir
    Path folder;

    private final List<String> alarms = Collections.synchronizedList(new ArrayList<>());
    private FileSpool spool;

    @Override
    protected Spool spool() throws IOException {
        if (spool == null) {
            spool = FileSpool.open(new LocalDisk(folder), () -> SETTINGS, clock(), alarms::add);
        }
        return spool;
    }

    @Override
    protected Spool reopen() throws IOException {
        spool().size();
        spool.close();
        spool = null;
        return spool();
    }

    @AfterEach
    void closeAndLookForAlarms() {
        if (spool != null) {
            spool.close();
        }
        assertThat(alarms).isEmpty();
    }
}
