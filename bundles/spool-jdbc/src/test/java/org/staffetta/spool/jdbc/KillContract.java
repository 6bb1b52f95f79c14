package org.staffetta.spool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Entry;
import org.staffetta.jdbc.Pool;
import org.staffetta.sql.TestDatabase;

/** kill -9 at any moment: what was accepted is there, completely. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
abstract class KillContract {

    private static final int ROUNDS = 4;
    private static final int MAX_IN_FLIGHT = 16;

    abstract TestDatabase database() throws Exception;

    @Test
    void nothing_that_was_accepted_is_lost_when_the_server_is_killed() throws Exception {
        TestDatabase database = database();
        Random random = new Random();
        List<String> accepted = new ArrayList<>();
        for (int round = 1; round <= ROUNDS; round++) {
            accepted.addAll(appendAndKill(database, 50 + random.nextInt(400)));
            Map<String, Entry> found = new HashMap<>();
            try (Pool pool = database.open(); JdbcSpool spool = Mails.open(pool.source(), Mails.QUICK)) {
                try (Stream<Entry> entries = spool.entries()) {
                    for (Entry entry : (Iterable<Entry>) entries::iterator) {
                        found.put(entry.id(), entry);
                        assertWhole(entry);
                    }
                }
                assertThat(found.keySet()).as("round %d", round).containsAll(accepted);
                assertThat(found.size() - accepted.size()).as("not answered, yet there").isBetween(0,
                        round * MAX_IN_FLIGHT);
                assertThat(spool.size()).isEqualTo(found.size());
                try (Claim claim = spool.take()) {
                    assertThat(found).containsKey(claim.entry().id());
                }
            }
        }
        assertThat(accepted).hasSizeGreaterThanOrEqualTo(50 * ROUNDS).doesNotHaveDuplicates();
    }

    private static void assertWhole(Entry entry) throws Exception {
        String body = entry.id().repeat(Integer.parseInt(entry.attributes().get("copies")));
        try (InputStream in = entry.message().openBody()) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII).equals(body))
                    .as("body of %s", entry.id()).isTrue();
        }
    }

    // what was heard before the kill
    private static List<String> appendAndKill(TestDatabase database, int count) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", "-cp",
                        System.getProperty("java.class.path"), Appender.class.getName()));
        command.addAll(List.of(Appender.arguments(database)));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<String> heard = new ArrayList<>();
        try (InputStream out = new BufferedInputStream(process.getInputStream())) {
            while (heard.size() < count) {
                heard.add(line(out));
            }
            // of the handle: the process would close its output with it
            process.toHandle().destroyForcibly();
            for (String rest = line(out); !rest.isEmpty(); rest = line(out)) {
                heard.add(rest);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(heard).allMatch(line -> line.length() == 13);
        return heard;
    }

    // empty at the end, which may be in the middle of a line: that one was not heard
    private static String line(InputStream in) throws Exception {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return "";
            }
            line.append((char) c);
        }
        return line.toString();
    }
}
