package org.staffetta.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.staffetta.shell.MemoryQueue.pending;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvent.Kind;
import org.staffetta.api.event.MailTrail;

/** The way of a message, told to people and to machines. */
class ExplainCommandTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00.123456Z");

    private final MemoryQueue queue = new MemoryQueue().add("Q2", "alice@demo.test", "",
            pending("bob@example.org", 3, "451 4.4.1 no route"));
    private final MailTrail trail = id -> id.equals("Q1")
            ? List.of(event(Kind.FILTERED, "filters", "spf/1.0.0 mail proceed 3.10, spf/1.0.0 rcpt proceed 0.20 x3",
                    "filters.2", "greylist/2.0.0 data defer 0.05"),
                    event(Kind.SHADOWED, "filters", "subject/2.0.0 data refuse 0.31", "taken", "proceed", "differs",
                            "yes", "reply", "550 5.7.1 no"),
                    event(Kind.DEFERRED, "to", "bob@\u202eexample.org", "status", "deferred", "attempts", "2", "reply",
                            "451 later"))
            : List.of();

    private static MailEvent event(Kind kind, String... fields) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            map.put(fields[i], fields[i + 1]);
        }
        return new MailEvent(NOON, kind, "S1", "Q1", map);
    }

    private String run(Optional<MailTrail> from, String... words) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ExplainCommand(() -> from, () -> Optional.of(queue)).run(List.of(words),
                new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void people_get_a_line_for_each_step() throws Exception {
        assertThat(run(Optional.of(trail), "Q1")).isEqualTo("""
                TIME                      WHAT      DETAILS
                2026-11-23T12:00:00.123Z  filter    spf 1.0.0, mail: proceed, 3.10 ms
                2026-11-23T12:00:00.123Z  filter    spf 1.0.0, rcpt: proceed, 0.20 ms in 3 calls
                2026-11-23T12:00:00.123Z  filter    greylist 2.0.0, data: defer, 0.05 ms
                2026-11-23T12:00:00.123Z  shadow    subject 2.0.0, data: refuse, 0.31 ms
                2026-11-23T12:00:00.123Z  shadow    would have made a difference: decided was proceed (550 5.7.1 no)
                2026-11-23T12:00:00.123Z  deferred  to=bob@?example.org, attempts=2 (451 later)
                """);
    }

    @Test
    void machines_get_one_object_a_step() throws Exception {
        assertThat(run(Optional.of(trail), "Q1", "--json").lines()).hasSize(3).first().asString()
                .startsWith(
                        "{\"time\":\"2026-11-23T12:00:00.123456Z\",\"event\":\"filtered\",\"session\":\"S1\",\"id\":\"Q1\",\"filters\":["
                                + "{\"filter\":\"spf\",\"version\":\"1.0.0\",\"phase\":\"mail\",\"verdict\":\"proceed\",\"milliseconds\":3.1,\"times\":1},");
    }

    @Test
    void what_waits_is_known_without_a_log() throws Exception {
        assertThat(run(Optional.empty(), "Q2")).containsPattern(
                "now +waits +<bob@example.org>, tried 3 times, next at \\S+: 451 4.4.1 no route");
        assertThat(run(Optional.of(trail), "Q2", "--json")).contains("\"queue_id\":\"Q2\"")
                .contains("\"event\":\"queued\"");
    }

    @Test
    void what_nobody_knows_is_said_in_one_line() {
        assertThatThrownBy(() -> run(Optional.of(trail), "Q\u001b3")).isInstanceOf(IllegalStateException.class)
                .hasMessage("Q?3: nothing is known of it");
        assertThatThrownBy(() -> run(Optional.of(trail))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("usage: explain ID [--json]");
    }
}
