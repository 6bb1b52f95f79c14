package org.staffetta.mailbox.maildir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mailbox.Mailbox;
import org.staffetta.mailbox.maildir.FaultyFolder.Fault;

/** The n-th operation on the disk fails, for every n. */
class MaildirFaultTest {

    private static final String TEXT = "Subject: x\r\n\r\n" + "0123456789\r\n".repeat(10_000);
    private static final List<Header> TRACE = List.of(Header.of("Return-Path", "<bob@demo.test>"));

    @TempDir
    private Path data;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_first_delivery_is_there_completely_or_failed(boolean dies) throws IOException {
        int steps = deliverWithFaults(dies, false);

        assertThat(steps).isGreaterThan(25);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_later_delivery_is_there_completely_or_failed(boolean dies) throws IOException {
        int steps = deliverWithFaults(dies, true);

        assertThat(steps).isGreaterThan(12);
    }

    @Test
    void a_delivery_that_failed_without_a_crash_leaves_nothing_and_can_be_repeated() throws IOException {
        for (int n = 1; n < 100; n++) {
            Path root = data.resolve("r" + n);
            Fault fault = new Fault(n, false);
            Mailbox mailbox = store(root, fault).open("alice@demo.test");
            boolean delivered = tryDelivery(mailbox);
            if (!fault.struck()) {
                return;
            }
            assertThat(filesIn(root, "tmp")).as("tmp after failure of operation %s", n).isEmpty();
            if (!delivered) {
                mailbox.deliver(TextMessage.of(TEXT), TRACE);
            }
            assertThat(filesIn(root, "new")).as("new after failure of operation %s", n).hasSizeBetween(1, 2);
        }
        throw new AssertionError("there was no end");
    }

    @Test
    void a_message_that_ends_early_is_not_delivered() throws IOException {
        Mailbox mailbox = store(data.resolve("m"), new Fault(0, false)).open("alice@demo.test");
        byte[] octets = TEXT.getBytes(ISO_8859_1);

        assertThatThrownBy(() -> mailbox.deliver(new TextMessage(octets, octets.length + 1), TRACE))
                .isInstanceOf(IOException.class)
                .hasMessage("the message has 120015 octets, but 120014 could be read");
        assertThat(filesIn(data.resolve("m"), "new")).isEmpty();
        assertThat(filesIn(data.resolve("m"), "tmp")).isEmpty();
    }

    // returns how many operations a delivery has
    private int deliverWithFaults(boolean dies, boolean warm) throws IOException {
        int before = 0;
        for (int n = 1; n < 100; n++) {
            Path root = data.resolve("r" + n);
            if (warm) {
                // the same store object knows its folders
                before = warmSteps();
            }
            Fault fault = new Fault(before + n, dies);
            Mailbox mailbox = store(root, fault).open("alice@demo.test");
            if (warm) {
                assertThat(tryDelivery(mailbox)).isTrue();
            }
            boolean delivered = tryDelivery(mailbox);
            verify(root, delivered, warm ? 1 : 0, n);
            if (!fault.struck()) {
                assertThat(delivered).isTrue();
                return n - 1;
            }
        }
        throw new AssertionError("there was no end");
    }

    private int warmSteps() throws IOException {
        Fault count = new Fault(Integer.MAX_VALUE, false);
        store(data.resolve("count"), count).open("alice@demo.test").deliver(TextMessage.of(TEXT), TRACE);
        int steps = count.count().get();
        try (Stream<Path> files = Files.walk(data.resolve("count"))) {
            files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
        return steps;
    }

    private void verify(Path root, boolean delivered, int earlier, int n) throws IOException {
        List<Path> there = filesIn(root, "new");
        assertThat(there).as("in new after failure of operation %s", n)
                .hasSizeBetween(earlier + (delivered ? 1 : 0), earlier + 1);
        for (Path file : there) {
            assertThat(Files.readString(file, ISO_8859_1)).as("message after failure of operation %s", n)
                    .isEqualTo(("Return-Path: <bob@demo.test>\r\n" + TEXT).replace("\r\n", "\n"));
        }
    }

    private static boolean tryDelivery(Mailbox mailbox) {
        try {
            mailbox.deliver(TextMessage.of(TEXT), TRACE);
            return true;
        } catch (IOException failed) {
            return false;
        }
    }

    private static MaildirStore store(Path root, Fault fault) {
        return new MaildirStore(() -> {
            DiskFolder.makeRoot(root);
            fault.step();
            return new FaultyFolder(DiskFolder.root(root), fault);
        }, "host", InstantSource.system(), new Random(1));
    }

    private static List<Path> filesIn(Path root, String folder) throws IOException {
        Path path = root.resolve("demo.test/alice").resolve(folder);
        if (!Files.exists(path)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.toList();
        }
    }
}
