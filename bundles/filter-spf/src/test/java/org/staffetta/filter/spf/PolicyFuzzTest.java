package org.staffetta.filter.spf;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Reply;

/** Policies as strangers publish them: read or refused, expanded to what DNS can be asked for, and never more questions than there may be. */
class PolicyFuzzTest {

    private static final Subject SUBJECT = new Subject(InetAddress.ofLiteral("192.0.2.1"), "client.test", "mx.test",
            "alice", "a.test");

    // a term asks for itself and ten hosts, or for the client's ten names; its macro for these again, and so does the explanation's
    private static final int MOST_QUESTIONS = 1 + 10 * (1 + 11 + 11 + 1) + 1 + 11 + 11;

    // without mx, ptr and %{p} a term asks for one thing; so do the policy itself and the explanation
    private static final int MOST_PLAIN_QUESTIONS = 1 + 10 + 1;

    /** A record is read as it was written: its terms in their order, and what they say is the same if it is read alone. */
    @FuzzTest
    void a_policy_is_its_terms(byte[] octets) {
        String record = new String(octets, StandardCharsets.ISO_8859_1);
        if (!Policy.isPolicy(record)) {
            return;
        }
        Policy policy;
        try {
            policy = Policy.parse(record);
        } catch (SyntaxException wrong) {
            assertThat(wrong.getMessage()).isNotEmpty();
            return;
        }
        assertThat(record.chars().allMatch(c -> c >= 0x20 && c < 0x7f)).isTrue();
        String terms = " " + record.substring(6) + " ";
        int at = 0;
        for (Directive directive : policy.directives()) {
            at = terms.indexOf(" " + directive.text() + " ", at);
            assertThat(at).as("place of %s", directive.text()).isNotNegative();
            at += directive.text().length();
            assertThat(read("v=spf1 " + directive.text()).directives()).containsExactly(directive);
            requireNetwork(directive.mechanism());
        }
    }

    /** Macros come to printable text, however they are combined. */
    @FuzzTest
    void macros_come_to_printable_text(byte[] octets) {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        for (String client : List.of("192.0.2.3", "2001:db8::cb01")) {
            Subject subject = new Subject(InetAddress.ofLiteral(client), "client.test", "mx.test", "strong-bad",
                    "email.example.com");
            Macros values = new Macros(subject, "email.example.com", List.of("mx.example.org"), () -> Instant.EPOCH);
            try {
                MacroString explanation = MacroString.explanation(text);
                assertThat(explanation.expand(values)).matches("[\\x20-\\x7e]*");
                String name = Domains.shortened(MacroString.domainSpec(text).expand(values));
                assertThat(name.length() <= 253 || name.indexOf('.') < 0).isTrue();
            } catch (SyntaxException | MacroString.UnusableException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            }
        }
    }

    /**
     * Each line of the input is a record of a zone: name, type, data. The policy of a.test is evaluated.
     */
    @FuzzTest
    void an_evaluation_comes_to_an_end(byte[] octets) {
        String lines = new String(octets, StandardCharsets.ISO_8859_1);
        Zone zone = zone(lines);
        Outcome outcome = check(zone);
        boolean plain = !lines.toLowerCase(Locale.ROOT).matches("(?s).*(mx|ptr|%\\{p).*");
        assertThat(zone.questions()).isLessThanOrEqualTo(plain ? MOST_PLAIN_QUESTIONS : MOST_QUESTIONS);
        assertThat(check(zone(lines))).as("the same again").isEqualTo(outcome);
        assertThat(outcome.explanation()).matches("[\\x20-\\x7e]*");
        assertThat(outcome.explanation().isEmpty() || outcome.result() == Result.FAIL).isTrue();
        // as it is told to others
        new Reply(550, "5.7.23", SpfTransaction.printable(outcome.explanation()));
        Header told = ReceivedSpf.of(new SpfTransaction.Checked(SpfTransaction.Identity.MAILFROM, SUBJECT, outcome),
                "mx.test");
        assertThat(told.field().split("\r\n")).hasSize(3);
    }

    private static Outcome check(Zone zone) {
        Lookups lookups = new Lookups(zone, SUBJECT.client(), 2, System.nanoTime() + 20_000_000_000L);
        return new Check(SUBJECT, lookups, () -> Instant.EPOCH).run();
    }

    private static Zone zone(String lines) {
        Zone zone = new Zone();
        lines.lines().limit(60).map(line -> line.split(" ", 3)).filter(words -> words.length == 3).forEach(words -> {
            switch (words[1]) {
                case "TXT", "PTR", "CNAME" -> zone.add(words[0], words[1], words[2]);
                case "TIMEOUT" -> zone.add(words[0], Zone.TIMEOUT, "");
                case "MX" -> zone.add(words[0], "MX", new Dns.Mx(10, words[2]));
                case "A" -> {
                    if (words[2].matches("[0-9]{1,2}(\\.[0-9]{1,2}){3}")) {
                        zone.add(words[0], "A", words[2]);
                    }
                }
                default -> {
                    // no record
                }
            }
        });
        return zone;
    }

    private static Policy read(String record) {
        try {
            return Policy.parse(record);
        } catch (SyntaxException wrong) {
            throw new AssertionError(record, wrong);
        }
    }

    // an address is always in its own network, and in any wider one
    private static void requireNetwork(Mechanism mechanism) {
        if (mechanism instanceof Mechanism.In(Network network)) {
            assertThat(network.contains(network.address())).isTrue();
            assertThat(new Network(network.address(), 0).contains(network.address())).isTrue();
        }
    }
}
