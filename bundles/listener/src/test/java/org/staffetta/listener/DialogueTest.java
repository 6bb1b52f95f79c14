package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Replays the dialogues of {@code src/test/resources/dialogues} over TCP, each cut into segments in different ways. */
class DialogueTest {

    private enum Segments {
        /** What the client says without waiting goes out at once. */
        AS_WRITTEN,
        /** Each line by itself. */
        LINES,
        /** Each octet by itself. */
        OCTETS,
        /** All that the client will ever say at once; for dialogues that allow it. */
        ALL_AT_ONCE
    }

    @TestFactory
    Stream<DynamicTest> dialogues() throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(getClass().getResource("/dialogues")).toURI());
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".smtp")).sorted().toList()) {
                DialogueFile dialogue = DialogueFile.read(file);
                for (Segments segments : Segments.values()) {
                    if (applies(segments, dialogue)) {
                        tests.add(DynamicTest.dynamicTest(file.getFileName() + " " + segments,
                                () -> replay(dialogue, segments)));
                    }
                }
            }
        }
        return tests.stream();
    }

    private static boolean applies(Segments segments, DialogueFile dialogue) {
        return switch (segments) {
            case AS_WRITTEN -> true;
            case LINES, OCTETS -> !dialogue.asWritten();
            case ALL_AT_ONCE -> dialogue.pipelined();
        };
    }

    private static void replay(DialogueFile dialogue, Segments segments) throws IOException {
        try (TestServer server = new TestServer(dialogue.settings().toArray(String[]::new))
                .with(new PasswordAuthenticator(), "PLAIN", "LOGIN"); SmtpClient client = server.client()) {
            boolean greeted = false;
            List<byte[]> unsent = new ArrayList<>();
            for (DialogueFile.Step step : dialogue.steps()) {
                if (step instanceof DialogueFile.Step.Send send) {
                    if (segments != Segments.ALL_AT_ONCE) {
                        unsent.add(send.octets());
                    }
                    continue;
                }
                send(client, unsent, segments);
                check(step, server, client);
                if (!greeted && segments == Segments.ALL_AT_ONCE) {
                    send(client, all(dialogue), Segments.AS_WRITTEN);
                }
                greeted = true;
            }
            assertThat(unsent).as("what the client says at last and nobody answers").isEmpty();
        }
    }

    private static void check(DialogueFile.Step step, TestServer server, SmtpClient client) throws IOException {
        switch (step) {
            case DialogueFile.Step.Line line ->
                assertThat(client.line()).as("line %d", line.number()).matches(line.pattern());
            case DialogueFile.Step.Closed _ -> client.expectClosed();
            case DialogueFile.Step.Messages messages -> {
                assertThat(server.spool.stored).hasSize(messages.count());
                await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5))
                        .untilAsserted(() -> assertThat(server.spool.open).as("drafts left open").hasValue(0));
            }
            case DialogueFile.Step.Send _ -> throw new IllegalStateException();
        }
    }

    private static void send(SmtpClient client, List<byte[]> unsent, Segments segments) throws IOException {
        if (segments == Segments.AS_WRITTEN) {
            ByteArrayOutputStream together = new ByteArrayOutputStream();
            unsent.forEach(together::writeBytes);
            client.send(together.toByteArray());
        } else {
            for (byte[] octets : unsent) {
                if (segments == Segments.LINES) {
                    client.send(octets);
                } else {
                    client.drip(octets);
                }
            }
        }
        unsent.clear();
    }

    private static List<byte[]> all(DialogueFile dialogue) {
        List<byte[]> all = new ArrayList<>();
        for (DialogueFile.Step step : dialogue.steps()) {
            if (step instanceof DialogueFile.Step.Send send) {
                all.add(send.octets());
            }
        }
        return all;
    }
}
