package org.staffetta.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.staffetta.api.event.MailEvent;

/** What strangers say stands in one line of the log, where it is read back as it was; and any other line is an event or none. */
class LogLineFuzzTest {

    private static final List<LineFormat> FORMATS = List.of(new JsonFormat(() -> Instant.EPOCH),
            TextFormat.full("mx.example.org", 1, ZoneOffset.UTC, () -> Instant.EPOCH));

    /** The input is the number of a kind, a session, a queue id, and values, with NULs between. */
    @FuzzTest
    void what_is_said_is_one_line_and_is_read_back(byte[] octets) {
        String[] given = new String(octets, StandardCharsets.UTF_8).split("\0", 9);
        MailEvent.Kind[] kinds = MailEvent.Kind.values();
        MailEvent.Kind kind = kinds[Math.floorMod(given[0].hashCode(), kinds.length)];
        Map<String, String> fields = new LinkedHashMap<>();
        String[] names = {"from", "to", "relay", "helo", "status", "reply"};
        for (int i = 3; i < given.length; i++) {
            if (!given[i].isEmpty()) {
                fields.put(names[i - 3], given[i]);
            }
        }
        MailEvent event = new MailEvent(Instant.EPOCH, kind, given.length > 1 ? given[1] : "",
                given.length > 2 ? given[2] : "", fields);
        for (LineFormat format : FORMATS) {
            String line = format.line(event);
            assertThat(line.codePoints().noneMatch(c -> c < 0x20 || c >= 0x7f && c < 0xa0 || c == 0x2028 || c == 0x2029
                    || c >= 0x202a && c <= 0x202e)).as(line).isTrue();
            LineReader.read(line);
        }
        String json = FORMATS.getFirst().line(event);
        if (!json.contains("...")) {
            assertThat(LineReader.read(json)).contains(event);
        }
    }

    @FuzzTest
    void any_line_is_an_event_or_none(byte[] octets) {
        String line = new String(octets, StandardCharsets.UTF_8);
        LineReader.read(line).ifPresent(event -> assertThat(FORMATS.getFirst().line(event)).startsWith("{"));
    }
}
