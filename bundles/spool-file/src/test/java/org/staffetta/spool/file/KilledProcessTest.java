package org.staffetta.spool.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Entry;

/** Another JVM fills the spool and is killed without warning; what it had acknowledged must be there, octet for octet. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class KilledProcessTest {

    private static final Settings SETTINGS = new Settings(1 << 20, 8000, 0, 0, 64 << 20, Duration.ofSeconds(1));
    private static final Recipient ANN = new Recipient(Address.parse("ann@example.org"));

    @TempDir
    Path folder;

    /** The other JVM: a line for each fact, written after it is a fact. */
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            FolderSpool spool = new FolderSpool(folder, () -> SETTINGS, InstantSource.system(), System.err::println,
                    20_000);
            for (int i = 0; i < 8; i++) {
                long seed = Long.parseLong(arguments[1]) * 100 + i;
                Thread.ofPlatform().start(() -> work(spool, new Random(seed)));
            }
        }

        private static void work(FolderSpool spool, Random random) {
            try {
                while (true) {
                    String id = put(spool, random.nextInt(20) == 0 ? 20_000 : random.nextInt(6000));
                    System.out.println("accepted " + id);
                    if (random.nextInt(3) == 0) {
                        remove(spool);
                    }
                }
            } catch (IOException | InterruptedException e) {
                System.err.println(e);
            }
        }

        private static void remove(FolderSpool spool) throws IOException, InterruptedException {
            try (Claim claim = spool.take()) {
                System.out.println("removing " + claim.entry().id());
                claim.update(List.of(ANN), List.of());
                System.out.println("removed " + claim.entry().id());
            }
        }
    }

    private static String put(FolderSpool spool, int size) throws IOException {
        try (Draft draft = spool.draft()) {
            draft.body().write(body(draft.id(), size));
            draft.commit(new Envelope(Address.NULL, List.of(ANN), Map.of("SIZE", Integer.toString(size))),
                    Ledger.HEADERS, Map.of());
            return draft.id();
        }
    }

    private static byte[] body(String id, int size) {
        byte[] body = new byte[size];
        new Random(id.hashCode()).nextBytes(body);
        return body;
    }

    private Process child(int round, Path out) throws IOException {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Child.class.getName(), folder.resolve("spool").toString(),
                Integer.toString(round)).redirectOutput(out.toFile())
                .redirectError(folder.resolve("errors").toFile()).start();
    }

    // what was printed in whole lines
    private static List<String> lines(Path out, String what) throws IOException {
        String text = Files.readString(out, StandardCharsets.US_ASCII);
        return List.of(text.substring(0, text.lastIndexOf('\n') + 1).split("\n")).stream()
                .filter(line -> line.startsWith(what + " ")).map(line -> line.substring(what.length() + 1)).toList();
    }

    @Test
    void nothing_acknowledged_is_lost_by_a_kill() throws Exception {
        List<String> accepted = new ArrayList<>();
        List<String> removing = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            Path out = folder.resolve("out" + round);
            Process child = child(round, out);
            int enough = 100 + 137 * round;
            await().atMost(Duration.ofSeconds(30)).pollInterval(5, TimeUnit.MILLISECONDS)
                    .until(() -> Files.exists(out) && lines(out, "accepted").size() > enough);
            child.destroyForcibly().waitFor();
            accepted.addAll(lines(out, "accepted"));
            removing.addAll(lines(out, "removing"));
            removed.addAll(lines(out, "removed"));
            assertThat(Files.readString(folder.resolve("errors"))).doesNotContain("xception");
            requireAll(accepted, removing, removed);
        }
        assertThat(accepted).hasSizeGreaterThan(1000);
    }

    private void requireAll(List<String> accepted, List<String> removing, List<String> removed) throws Exception {
        List<String> alarms = Collections.synchronizedList(new ArrayList<>());
        try (FileSpool spool = FileSpool.open(new LocalDisk(folder.resolve("spool")), () -> SETTINGS,
                InstantSource.system(), alarms::add)) {
            for (String id : accepted) {
                if (!removing.contains(id)) {
                    requireBody(spool.find(id).orElseThrow(() -> new AssertionError("lost " + id)));
                }
            }
            for (String id : removed) {
                assertThat(spool.find(id)).as("removed %s", id).isEmpty();
            }
        }
        assertThat(alarms).isEmpty();
    }

    private static void requireBody(Entry entry) throws IOException {
        int size = Integer.parseInt(entry.envelope().parameters().get("SIZE"));
        try (InputStream body = entry.message().openBody()) {
            assertThat(body.readAllBytes()).isEqualTo(body(entry.id(), size));
        }
    }

    @Test
    void a_folder_that_another_server_uses_is_left_alone_with_one_clear_line() throws Exception {
        Path out = folder.resolve("out");
        Process child = child(0, out);
        try {
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(out) && !lines(out, "accepted").isEmpty());
            assertThatThrownBy(() -> new FolderSpool(folder.resolve("spool"), () -> SETTINGS, InstantSource.system(),
                    alarm -> {}, 100)).isInstanceOf(IOException.class).hasMessageContaining("in use by another server")
                    .hasMessageContaining(Long.toString(child.pid())).hasMessageContaining("spool.file.folder");
        } finally {
            child.destroyForcibly().waitFor();
        }
    }
}
