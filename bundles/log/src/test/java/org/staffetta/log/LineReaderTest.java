package org.staffetta.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvent.Kind;

/** What was written is read back as it was. */
class LineReaderTest {

    private static final TextFormat TEXT = TextFormat.full("mx.example.org", 77, ZoneId.of("Europe/Rome"),
            () -> Events.NOON);
    private static final JsonFormat JSON = new JsonFormat(() -> Events.NOON);

    @Property
    void json(@ForAll Kind kind, @ForAll @AlphaChars @StringLength(max = 8) String session,
            @ForAll @AlphaChars @StringLength(max = 8) String id,
            @ForAll @Size(max = 5) Map<@AlphaChars @StringLength(min = 3, max = 3) String, @StringLength(min = 1, max = 60) String> fields) {
        MailEvent event = new MailEvent(Events.NOON, kind, session, id, fields);
        assertThat(LineReader.read(JSON.line(event))).contains(event);
    }

    @Property
    void text(@ForAll Kind kind, @ForAll @AlphaChars @NumericChars @StringLength(min = 1, max = 8) String session,
            @ForAll @AlphaChars @NumericChars @StringLength(min = 1, max = 8) String id,
            @ForAll @Size(max = 5) Map<@AlphaChars @StringLength(min = 3, max = 3) String, @StringLength(min = 1, max = 60) String> some,
            @ForAll @StringLength(max = 60) String reply) {
        Map<String, String> fields = new LinkedHashMap<>(some);
        String status = status(kind);
        if (!status.isEmpty()) {
            fields.put("status", status);
        }
        if (!reply.isEmpty()) {
            fields.put("reply", reply);
        }
        MailEvent event = new MailEvent(Events.NOON, kind, session, id, fields);
        assertThat(LineReader.read(TEXT.line(event))).hasValueSatisfying(read -> {
            assertThat(read.kind()).isEqualTo(kind);
            assertThat(read.sessionId()).isEqualTo(session);
            assertThat(read.queueId()).isEqualTo(id);
            assertThat(read.time()).isEqualTo(Events.NOON.truncatedTo(ChronoUnit.MILLIS));
            assertThat(read.fields()).isEqualTo(fields);
        });
    }

    @Property
    void addresses_in_brackets(@ForAll @StringLength(min = 1, max = 60) String helo) {
        boolean enclosed = helo.length() > 1 && helo.startsWith("<") && helo.endsWith(">");
        MailEvent event = Events.event(Kind.REFUSED, "S1", "", "from", "", "helo", helo, "stage", "RCPT");
        assertThat(LineReader.read(TEXT.line(event))).hasValueSatisfying(read -> assertThat(read.fields())
                .isEqualTo(Map.of("from", "", "helo", enclosed ? helo.substring(1, helo.length() - 1) : helo, "stage",
                        "RCPT")));
    }

    private static String status(Kind kind) {
        return switch (kind) {
            case DELIVERED -> "sent";
            case DEFERRED -> "deferred";
            case BOUNCED -> "bounced";
            default -> "";
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"time\":\"2026-11-23T12:00:00Z\"",
            "{\"time\":\"yesterday\",\"event\":\"removed\"}",
            "{\"time\":\"2026-11-23T12:00:00Z\",\"event\":\"flown\"}", "Nov 23 12:00:00 mx postfix/smtpd[1]: connect",
            "2026-11-23T13:00:00.123+01:00 mx staffetta/log[77]: 3 lines are missing here",
            "yesterday mx staffetta/queue[77]: Q1: removed",
            "2026-11-23T13:00:00.123+01:00 mx staffetta/smtpd[77]: Q1: flown",
            "2026-11-23T13:00:00.123+01:00 mx staffetta/deliv"})
    void what_is_no_event_is_passed_over(String line) {
        assertThat(LineReader.read(line)).isEmpty();
    }

    @Property
    void whatever_the_line_nothing_is_thrown(@ForAll String text) {
        String start = "2026-11-23T13:00:00.123+01:00 mx staffetta/smtpd[77]: Q1: ";
        assertThat(Stream.of(text, "{" + text, "{\"" + text, start + text)
                .flatMap(line -> LineReader.read(line).stream()).toList()).doesNotContainNull();
    }
}
