package org.staffetta.spool.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Draft;

/** A body of 100 MB needs no more memory than a small one. */
class BigBodyTest {

    private static final int CHUNK = 100_000;
    private static final int CHUNKS = 1000;
    private static final Envelope ENVELOPE = new Envelope(Address.NULL,
            List.of(new Recipient(Address.parse("ann@example.org"))), Map.of());

    @TempDir
    Path folder;

    @Test
    void a_hundred_million_octets_pass_in_constant_memory() throws Exception {
        Settings settings = new Settings(1 << 20, Settings.SMALL_BODY, 0, 0, 8 << 20, Duration.ofSeconds(1));
        try (FileSpool spool = FileSpool.open(new LocalDisk(folder), () -> settings, InstantSource.system(),
                alarm -> {})) {
            long before = allocated();
            CRC32C in = new CRC32C();
            String id;
            try (Draft draft = spool.draft()) {
                byte[] chunk = new byte[CHUNK];
                for (int i = 0; i < CHUNKS; i++) {
                    chunk[i] = (byte) i;
                    draft.body().write(chunk);
                    in.update(chunk);
                }
                assertThat(crcOf(draft.message(List.of()).openBody())).isEqualTo(in.getValue());
                draft.commit(ENVELOPE, Ledger.HEADERS, Map.of());
                id = draft.id();
            }
            assertThat(crcOf(spool.find(id).orElseThrow().message().openBody())).isEqualTo(in.getValue());
            assertThat(allocated() - before).as("allocated by this thread in all, for writing once and reading twice")
                    .isLessThan(8 << 20);
        }
    }

    private static long crcOf(InputStream stream) throws Exception {
        CRC32C crc = new CRC32C();
        try (stream) {
            byte[] buffer = new byte[8192];
            for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                crc.update(buffer, 0, n);
            }
        }
        return crc.getValue();
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
