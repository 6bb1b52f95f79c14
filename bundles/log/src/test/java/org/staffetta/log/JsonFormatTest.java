package org.staffetta.log;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.staffetta.api.event.MailEvent.Kind;

class JsonFormatTest {
    private static final JsonFormat FORMAT = new JsonFormat(() -> Events.NOON);

    @Test
    void a_delivery() {
        assertThat(FORMAT.line(
                Events.event(Kind.DELIVERED, "", "Q7", "to", "alice@demo.test", "nexthop", "", "reply", "250 \"Ok\"")))
                .isEqualTo(
                        "{\"time\":\"2026-11-23T12:00:00.123456Z\",\"event\":\"delivered\",\"id\":\"Q7\",\"to\":\"alice@demo.test\","
                                + "\"reply\":\"250 \\\"Ok\\\"\"}");
    }

    @Test
    void a_field_cannot_take_the_place_of_ours() {
        assertThat(FORMAT.line(Events.event(Kind.REMOVED, "", "Q7", "event", "delivered", "id", "Q1")))
                .isEqualTo("{\"time\":\"2026-11-23T12:00:00.123456Z\",\"event\":\"removed\",\"id\":\"Q7\"}");
    }

    @Test
    void what_is_harmful_is_escaped_as_json_has_it() {
        assertThat(Escape.json("a\r\n\u001b\u202e\u2028\ud800\\"))
                .isEqualTo("\"a\\u000d\\u000a\\u001b\\u202e\\u2028\\ud800\\\\\"");
        assertThat(Escape.json(new String(Character.toChars(0xE0001)))).isEqualTo("\"\\udb40\\udc01\"");
    }

    @Test
    void a_value_is_cut_at_a_kilobyte() {
        assertThat(Escape.json("\u0001".repeat(2000))).hasSize(1 + 170 * 6 + 3 + 1).endsWith("...\"");
    }

    @Property
    void a_string_reads_back_as_it_was(@ForAll String value) {
        String json = Escape.json(value);
        if (!json.endsWith("...\"")) {
            assertThat(parse(json)).isEqualTo(value);
        }
    }

    /** A reader of JSON strings that knows no leniency. */
    private static String parse(String json) {
        assertThat(json).startsWith("\"").endsWith("\"");
        StringBuilder out = new StringBuilder();
        for (int i = 1; i < json.length() - 1; i++) {
            char c = json.charAt(i);
            assertThat(c).isGreaterThanOrEqualTo(' ').isNotEqualTo('"');
            if (c != '\\') {
                out.append(c);
            } else if (json.charAt(i + 1) == 'u') {
                out.append((char) Integer.parseInt(json.substring(i + 2, i + 6), 16));
                i += 5;
            } else {
                assertThat(json.charAt(++i)).isIn('"', '\\');
                out.append(json.charAt(i));
            }
        }
        return out.toString();
    }
}
