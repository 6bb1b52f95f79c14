package org.staffetta.filter.spf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.filter.HeaderEdit;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.session.Session;

/** What the filter makes of a check: findings, replies, a header field. */
class SpfFilterTest {

    private static final Settings MARK = new Settings("mx.test", Set.of(), true, false, false, 2,
            Duration.ofSeconds(20));

    private final Zone zone = new Zone().add("good.test", "TXT", "v=spf1 ip4:192.0.2.1 -all exp=why.good.test")
            .add("why.good.test", "TXT", "%{i} is none of ours")
            .add("client.test", "TXT", "v=spf1 a -all").add("client.test", "A", "192.0.2.1")
            .add("broken.test", "TXT", "v=spf1 ipv4:192.0.2.1 -all")
            .add("silent.test", Zone.TIMEOUT, "");

    @Test
    void both_identities_are_findings() throws IOException {
        Verdict verdict = mail(MARK, "192.0.2.1", "client.test", "a@good.test");

        assertThat(findings(verdict)).extracting(Finding::method, Finding::result).containsExactly(
                tuple("spf", "pass"), tuple("spf", "pass"));
        assertThat(findings(verdict).get(0).properties()).containsEntry("smtp.helo", "client.test");
        assertThat(findings(verdict).get(1).properties()).containsEntry("smtp.mailfrom", "good.test");
    }

    // IDNA 2003 would have made strasse.test of it, which may be somebody else's
    @Test
    void a_domain_with_other_letters_is_the_one_that_mail_goes_to() throws IOException {
        zone.add("xn--strae-oqa.test", "TXT", "v=spf1 ip4:192.0.2.1 -all").add("strasse.test", "TXT", "v=spf1 -all");

        Finding finding = findings(mail(MARK, "192.0.2.1", "client.test", "a@straße.test")).getLast();

        assertThat(finding.result()).isEqualTo("pass");
        assertThat(finding.properties()).containsEntry("smtp.mailfrom", "xn--strae-oqa.test");
    }

    @Test
    void a_null_sender_is_checked_by_helo_alone() throws IOException {
        Settings senderOnly = new Settings("mx.test", Set.of(), false, false, false, 2, Duration.ofSeconds(20));

        assertThat(findings(mail(senderOnly, "192.0.2.1", "client.test", ""))).singleElement()
                .satisfies(one -> assertThat(one.properties()).containsEntry("smtp.helo", "client.test"));
    }

    @Test
    void by_default_a_failure_is_noted_and_not_refused() throws IOException {
        assertThat(findings(mail(MARK, "192.0.2.9", "client.test", "a@good.test"))).extracting(Finding::result)
                .containsExactly("fail", "fail");
    }

    @Test
    void a_failure_is_refused_with_what_the_domain_says_if_so_configured() throws IOException {
        Verdict verdict = mail(refusing("fail"), "192.0.2.9", "unknown.test", "a@good.test");

        assertThat(verdict).isInstanceOfSatisfying(Verdict.Refuse.class, refuse -> assertThat(refuse.reply())
                .hasToString(
                        "550 5.7.23 good.test does not permit 192.0.2.9 to send in its name; it says: 192.0.2.9 is none of ours"));
    }

    @Test
    void a_policy_in_error_can_be_refused() throws IOException {
        assertThat(mail(refusing("permerror"), "192.0.2.1", "client.test", "a@broken.test"))
                .isInstanceOfSatisfying(Verdict.Refuse.class, refuse -> assertThat(refuse.reply())
                        .hasToString("550 5.7.24 the SPF policy is in error: there is no mechanism ipv4"));
    }

    @Test
    void without_an_answer_of_dns_it_is_temperror_and_can_be_deferred() throws IOException {
        assertThat(findings(mail(MARK, "192.0.2.1", "client.test", "a@silent.test")).getLast().result())
                .isEqualTo("temperror");
        assertThat(mail(refusing("temperror"), "192.0.2.1", "client.test", "a@silent.test"))
                .isInstanceOfSatisfying(Verdict.Refuse.class,
                        refuse -> assertThat(refuse.reply().code()).isEqualTo(451));
    }

    @Test
    void trusted_and_authenticated_clients_are_not_checked() throws IOException {
        SpfFilter filter = new SpfFilter(refusing("fail"));
        Envelope envelope = envelope("a@good.test");

        assertThat(filter.begin(context("192.0.2.9", "x.test", true, "")).mail(envelope)).isEqualTo(Verdict.proceed());
        assertThat(filter.begin(context("192.0.2.9", "x.test", false, "alice")).mail(envelope))
                .isEqualTo(Verdict.proceed());
        assertThat(zone.questions()).isZero();
    }

    @Test
    void a_received_spf_field_tells_of_each_check_and_nothing_in_it_can_break_out() throws IOException {
        Settings settings = new Settings("mx.test", Set.of(), true, false, true, 2, Duration.ofSeconds(20));
        Filter.Transaction transaction = new SpfFilter(settings)
                .begin(context("192.0.2.1", "he\"l\\o.test", false, ""));
        Envelope envelope = envelope("a@good.test");
        transaction.mail(envelope);

        List<HeaderEdit> edits = ((Verdict.Proceed) transaction.data(envelope, new NoMessage())).edits();

        assertThat(edits).hasSize(2);
        assertThat(((HeaderEdit.Prepend) edits.getFirst()).header().value())
                .startsWith("pass (mx.test: good.test: ip4:192.0.2.1)").contains("identity=mailfrom")
                .contains("helo=\"he\\\"l\\\\o.test\"");
    }

    private static Settings refusing(String result) {
        return new Settings("mx.test", Set.of(result), true, false, false, 2, Duration.ofSeconds(20));
    }

    private Verdict mail(Settings settings, String client, String helo, String sender) throws IOException {
        return new SpfFilter(settings).begin(context(client, helo, false, "")).mail(envelope(sender));
    }

    private static List<Finding> findings(Verdict verdict) {
        return ((Verdict.Proceed) verdict).findings();
    }

    private static Envelope envelope(String sender) {
        return new Envelope(sender.isEmpty() ? Address.NULL : Address.parse(sender), List.of(), Map.of());
    }

    private FilterContext context(String client, String helo, boolean trusted, String account) {
        Session session = new TestSession(new InetSocketAddress(InetAddress.ofLiteral(client), 40000), helo, trusted,
                account);
        return new TestContext(session, zone);
    }

    private record TestContext(Session session, Dns dns) implements FilterContext {
        @Override
        public String transaction() {
            return "S1.1";
        }

        @Override
        public List<Finding> findings() {
            return List.of();
        }
    }

    private record TestSession(InetSocketAddress client, String helo, boolean trusted, String account)
            implements
                Session {
        @Override
        public String id() {
            return "S1";
        }

        @Override
        public String listener() {
            return "smtp";
        }

        @Override
        public InetSocketAddress local() {
            return client;
        }

        @Override
        public boolean extended() {
            return true;
        }

        @Override
        public boolean encrypted() {
            return false;
        }
    }

    private static final class NoMessage implements Message {
        @Override
        public List<Header> headers() {
            return List.of();
        }

        @Override
        public long size() {
            return 0;
        }

        @Override
        public InputStream open() {
            return InputStream.nullInputStream();
        }

        @Override
        public InputStream openBody() {
            return InputStream.nullInputStream();
        }
    }
}
