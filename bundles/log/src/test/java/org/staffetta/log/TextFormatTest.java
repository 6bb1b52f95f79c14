package org.staffetta.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvent.Kind;

/** A line an event, in the shape that eyes and programs know from Postfix. */
class TextFormatTest {
    private static final TextFormat FORMAT = TextFormat.full("mx.example.org", 77, ZoneId.of("Europe/Rome"),
            () -> Events.NOON);
    private static final String START = "2026-11-23T13:00:00.123+01:00 mx.example.org staffetta/";

    private static String line(Kind kind, String session, String queueId, String... fields) {
        String line = FORMAT.line(Events.event(kind, session, queueId, fields));
        assertThat(line).startsWith(START);
        return line.substring(START.length());
    }

    @Test
    void an_accepted_message() {
        assertThat(line(Kind.ACCEPTED, "S1", "Q7", "from", "<bob@demo.test>", "size", "310", "nrcpt", "1", "client",
                "127.0.0.1", "helo", "me"))
                .isEqualTo(
                        "smtpd[77]: Q7: accepted, from=<bob@demo.test>, size=310, nrcpt=1, client=127.0.0.1, helo=<me>, session=S1");
    }

    @Test
    void a_delivery_ends_in_its_status_and_the_reply() {
        assertThat(line(Kind.DELIVERED, "", "Q7", "to", "alice@demo.test", "relay", "mx.test[192.0.2.1]:25", "delay",
                "0.006", "dsn", "2.0.0",
                "status", "sent", "attempts", "1", "reply", "250 2.0.0 Ok"))
                .isEqualTo(
                        "delivery[77]: Q7: to=<alice@demo.test>, relay=mx.test[192.0.2.1]:25, delay=0.006, dsn=2.0.0, attempts=1, "
                                + "status=sent (250 2.0.0 Ok)");
    }

    @Test
    void a_refusal_in_a_session() {
        assertThat(line(Kind.REFUSED, "S1", "", "stage", "RCPT", "to", "<x@y.example>", "reply", "550 5.7.1 no"))
                .isEqualTo("smtpd[77]: S1: reject, stage=RCPT, to=<x@y.example> (550 5.7.1 no)");
    }

    @Test
    void an_encrypted_way_in_and_out() {
        assertThat(line(Kind.SECURED, "S1", "", "client", "192.0.2.1", "protocol", "TLSv1.3", "group", "x25519"))
                .isEqualTo("smtpd[77]: S1: tls, client=192.0.2.1, protocol=TLSv1.3, group=x25519");
        assertThat(line(Kind.SECURED, "", "Q7", "relay", "mx.test[192.0.2.1]:25", "protocol", "TLSv1.3"))
                .isEqualTo("relay[77]: Q7: tls, relay=mx.test[192.0.2.1]:25, protocol=TLSv1.3");
    }

    @Test
    void the_null_sender_is_shown_and_other_empty_fields_are_not() {
        assertThat(line(Kind.ACCEPTED, "", "Q8", "from", "", "about", "Q7", "nexthop", ""))
                .isEqualTo("queue[77]: Q8: accepted, from=<>, about=Q7");
    }

    @Test
    void an_alarm_without_an_id() {
        assertThat(line(Kind.ALARM, "", "", "part", "spool", "reason", "no space left, mail is refused"))
                .isEqualTo("alarm[77]: alarm, part=spool, reason=\"no space left, mail is refused\"");
    }

    @Test
    void a_terminal_gets_the_same_without_what_it_knows() {
        TextFormat brief = TextFormat.brief(ZoneId.of("UTC"), () -> Events.NOON);
        assertThat(brief.line(Events.event(Kind.REMOVED, "", "Q7"))).isEqualTo("12:00:00 staffetta/queue: Q7: removed");
        assertThat(brief.lost(3)).isEqualTo("12:00:00 staffetta/log: 3 lines are missing here");
    }

    @Test
    void every_kind_has_a_line() {
        for (Kind kind : Kind.values()) {
            assertThat(line(kind, "S1", "Q1", "status", "x")).contains("[77]: Q1: ").contains("status=x");
        }
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            helo     | me\\r\\nstaffetta/queue: Q9: removed | helo=<me\\x{D}\\x{A}staffetta/queue: Q9: removed>
            helo     | x>, to=<y                            | helo=<x\\x{3E}, to=\\x{3C}y>
            from     | <a@b.example>                        | from=<a@b.example>
            from     | <                                    | from=<\\x{3C}>
            client   | a b=c, d                             | client="a b=c, d"
            reason   | say "hi"                             | reason="say \\x{22}hi\\x{22}"
            reason   | C:\\\\dir                            | reason=C:\\x{5C}dir
            reason   | \\u001b[31mred                       | reason=\\x{1B}[31mred
            reason   | \\u007f\\u009b                       | reason=\\x{7F}\\x{9B}
            to       | \\u202Egpj.exe                       | to=<\\x{202E}gpj.exe>
            to       | a\\u2028b\\u2029c\\u200F              | to=<a\\x{2028}b\\x{2029}c\\x{200F}>
            to       | \\uD800x                             | to=<\\x{D800}x>
            to       | r\u00e4ksm\u00f6rg\u00e5s@\u4f8b.test | to=<r\u00e4ksm\u00f6rg\u00e5s@\u4f8b.test>
            """)
    void what_a_stranger_says_cannot_forge_a_line(String name, String value, String shown) {
        assertThat(line(Kind.REFUSED, "S1", "", name,
                unescaped(value)))
                .isEqualTo("smtpd[77]: S1: reject, " + shown);
    }

    /** Java's own escapes, the Unicode ones included. */
    private static String unescaped(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("\\u", i)) {
                out.append((char) Integer.parseInt(text.substring(i + 2, i + 6), 16));
                i += 5;
            } else if (text.charAt(i) == '\\') {
                out.append(text.substring(i, i + 2).translateEscapes());
                i++;
            } else {
                out.append(text.charAt(i));
            }
        }
        return out.toString();
    }

    @Test
    void a_value_is_cut_at_a_kilobyte() {
        String line = line(Kind.REFUSED, "S1", "", "helo", "\u00e4".repeat(5000));
        assertThat(line).endsWith("...>").contains("\u00e4".repeat(512)).doesNotContain("\u00e4".repeat(513));
    }

    @Property
    void one_event_is_one_line_whatever_is_in_it(@ForAll Kind kind, @ForAll String session, @ForAll String name,
            @ForAll String value,
            @ForAll String reply) {
        MailEvent event = Events.event(kind, session, "", name, value, "reply", reply);
        assertThat(FORMAT.line(event).codePoints())
                .noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029
                        || Character.getType(c) == Character.FORMAT || Character.getType(c) == Character.SURROGATE);
    }
}
