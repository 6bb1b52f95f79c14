package org.staffetta.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.spool.Entry;

/** What strangers say stands in a notification, and cannot become a field, a line or a part of its own there. */
class ReportTextFuzzTest {

    /** The input is a reply, the name of who gave it, an address, and ORCPT and ENVID, with NULs between. */
    @FuzzTest
    void what_strangers_say_stays_in_its_field(byte[] octets) {
        String[] given = Arrays.copyOf(new String(octets, StandardCharsets.UTF_8).split("\0", 5), 5);
        for (int i = 0; i < given.length; i++) {
            given[i] = given[i] == null ? "" : given[i];
        }
        Reply reply;
        Recipient recipient;
        try {
            reply = new Reply(550, "5.1.1", given[0]);
            recipient = new Recipient(Address.parse(given[2]), Map.of("ORCPT", given[3]));
        } catch (IllegalArgumentException none) {
            return; // neither gets here
        }
        Envelope envelope = new Envelope(Address.parse("alice@example.org"), List.of(recipient),
                Map.of("ENVID", given[4]));
        Report.Line line = new Report.Line(recipient, reply, given[1], "5.1.1", Instant.EPOCH);
        for (boolean utf8 : new boolean[]{false, true}) {
            for (Report.Kind kind : Report.Kind.values()) {
                Report report = new Report(kind, entry(envelope), List.of(line), Instant.EPOCH, Instant.EPOCH);
                ReportText text = new ReportText(report, "mx.example.org", utf8);
                requireLines(text.forPeople(), utf8);
                requireLines(text.forMachines(), utf8);
                requireFields(text.forMachines());
            }
        }
        OriginalRecipient.differing(recipient);
        assertThat(OriginalRecipient.of(new Recipient(recipient.address(), OriginalRecipient.added(
                new Recipient(recipient.address())))).orElseThrow().address())
                .isEqualTo(recipient.address().toString());
    }

    private static void requireLines(String text, boolean utf8) {
        assertThat(text).endsWith("\r\n");
        for (String line : text.split("\r\n", -1)) {
            assertThat(line.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(utf8 ? 4 * 998 : 998);
            assertThat(line.codePoints().noneMatch(c -> c < 0x20 || c >= 0x7f && (!utf8 || c < 0xa0))).as(line)
                    .isTrue();
        }
    }

    // two blocks, the names of whose fields are those that we write
    private static void requireFields(String text) {
        String[] blocks = text.split("\r\n\r\n", -1);
        assertThat(blocks).hasSize(2);
        for (String block : blocks) {
            for (String line : block.split("\r\n")) {
                assertThat(line).matches("(?s)(Original-Envelope-Id|Reporting-MTA|Arrival-Date|Original-Recipient|"
                        + "Final-Recipient|Action|Status|Remote-MTA|Diagnostic-Code|Last-Attempt-Date|Will-Retry-Until)"
                        + ":( .*)?| .*");
                assertThat(line).isNotBlank();
            }
        }
    }

    private static Entry entry(Envelope envelope) {
        return (Entry) Proxy.newProxyInstance(Entry.class.getClassLoader(), new Class<?>[]{Entry.class},
                (_, method, _) -> method.getName().equals("envelope") ? envelope : Instant.EPOCH);
    }
}
