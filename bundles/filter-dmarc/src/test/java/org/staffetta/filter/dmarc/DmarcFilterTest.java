package org.staffetta.filter.dmarc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.session.Session;
import org.staffetta.domainkey.TestMessage;

/** What the filter does with a judgement, and with messages of which nobody can say who they are from. */
class DmarcFilterTest {

    private static final Envelope ENVELOPE = new Envelope(Address.parse("s@other.example"), List.of(), Map.of());
    private static final List<Finding> NOTHING = List.of(new Finding("spf", "none", Map.of()),
            new Finding("dkim", "none", Map.of()));
    private static final List<Finding> PASSING = List.of(new Finding("spf", "none", Map.of()),
            new Finding("dkim", "pass", Map.of("header.d", "bank.example")));

    private final Zone zone = new Zone().txt("_dmarc.bank.example", "v=DMARC1; p=reject")
            .txt("_dmarc.shop.example", "v=DMARC1; p=quarantine").txt("_dmarc.lax.example", "v=DMARC1; p=none")
            .txt("_dmarc.trial.example", "v=DMARC1; p=quarantine; t=y").silent("_dmarc.silent.example");
    private final Map<String, Object> given = new HashMap<>(Map.of("policy", "apply"));
    private boolean trusted;
    private String account = "";

    record Context(Session session, List<Finding> findings, Dns dns) implements FilterContext {
        @Override
        public String transaction() {
            return "s.1";
        }
    }

    static DmarcConfig config(Map<String, Object> given) {
        return (DmarcConfig) Proxy.newProxyInstance(DmarcConfig.class.getClassLoader(),
                new Class<?>[]{DmarcConfig.class},
                (_, method, _) -> given.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    /** What is collected for reports of a message by the policies as they are. */
    static List<Sample> samples(Zone zone, String author, List<Finding> findings) throws IOException {
        List<Sample> samples = new ArrayList<>();
        DmarcTransaction transaction = new DmarcTransaction(
                new Context(new DmarcFilterTest().session(), findings, zone),
                Settings.of(config(Map.of("policy", "apply"))), samples::add);
        transaction.data(ENVELOPE, TestMessage.ofLines(octets("From: a@" + author + "\n\nbody\n")));
        return samples;
    }

    private Session session() {
        return (Session) Proxy.newProxyInstance(Session.class.getClassLoader(), new Class<?>[]{Session.class},
                (_, method, _) -> switch (method.getName()) {
                    case "trusted" -> trusted;
                    case "account" -> account;
                    case "client" -> new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 25);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private Verdict judge(String header, List<Finding> findings) throws IOException {
        DmarcFilter filter = new DmarcFilter(Settings.of(config(given)));
        try (Filter.Transaction transaction = filter.begin(new Context(session(), findings, zone))) {
            return transaction.data(ENVELOPE, TestMessage.ofLines(octets(header + "\n\nbody\n")));
        }
    }

    private static byte[] octets(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String reply(Verdict verdict) {
        return ((Verdict.Refuse) verdict).reply().toString();
    }

    private static Finding finding(Verdict verdict) {
        return ((Verdict.Proceed) verdict).findings().getFirst();
    }

    @Test
    void what_passes_is_told() throws IOException {
        assertThat(finding(judge("From: a@bank.example", PASSING)))
                .isEqualTo(new Finding("dmarc", "pass", Map.of("header.from", "bank.example", "polrec.p", "reject")));
    }

    @Test
    void where_the_policy_is_applied_the_wish_of_the_domain_is_done() throws IOException {
        assertThat(reply(judge("From: a@bank.example", NOTHING)))
                .isEqualTo("550 5.7.1 refused by the DMARC policy of bank.example");
        assertThat(judge("From: a@shop.example", NOTHING)).isInstanceOfSatisfying(Verdict.Quarantine.class, held -> {
            assertThat(held.reason()).isEqualTo("fails DMARC of shop.example");
            assertThat(held.findings()).extracting(Finding::result).containsExactly("fail");
        });
        assertThat(finding(judge("From: a@lax.example", NOTHING)).result()).isEqualTo("fail");
        assertThat(finding(judge("From: a@trial.example", NOTHING)).properties()).containsEntry("reason",
                "the policy is in test mode");
        assertThat(finding(judge("From: a@none.example", NOTHING)).result()).isEqualTo("none");
    }

    @Test
    void quarantine_may_be_to_tell_only() throws IOException {
        given.put("quarantine", "tell");

        assertThat(finding(judge("From: a@shop.example", NOTHING)).result()).isEqualTo("fail");
    }

    @ParameterizedTest
    @ValueSource(strings = {"From: a@bank.example", "From: a@shop.example", "From: a@silent.example", "From: x",
            "X: y"})
    void by_default_nothing_is_refused(String header) throws IOException {
        given.remove("policy");

        assertThat(finding(judge(header, NOTHING)).result()).isIn("fail", "temperror", "permerror");
    }

    @Test
    void a_policy_below_another_domain_is_told() throws IOException {
        assertThat(finding(judge("From: a@x.lax.example", NOTHING)).properties())
                .containsEntry("polrec.domain", "lax.example");
    }

    /** The tricks of "Composition Kills" and "Weak Links": each shows bank.example to somebody, and passes DMARC of evil.example or of nobody. */
    @ParameterizedTest
    @ValueSource(strings = {"From: a@bank.example\nFrom: b@evil.example", "From: b@evil.example\nFrom: a@bank.example",
            "From: b@evil.example\nfrom: a@bank.example", "From : a@bank.example\nFrom: b@evil.example",
            "From: b@evil.example\nFrom\t: a@bank.example", "From: a@bank.example, b@evil.example",
            "From: <b@evil.example>, <a@bank.example>", "From: friends: b@evil.example;",
            "From: <@bank.example:b@evil.example>", "From: <@evil.example,@bank.example:b@evil.example>",
            "From: <a@bank.example> b@evil.example", "From: b@evil.example <a@bank.example>",
            "From: <a@bank.example><b@evil.example>", "From: <b@evil.example>\\,<a@bank.example>",
            "From: a@bank.example(b@evil.example", "From: <a@bank.example(>b@evil.example)",
            "From: b@evil.example(c)@bank.example", "From: =?utf-8?q?=3Ca=40bank.example=3E?= , b@evil.example",
            "From: a@bank.example\u0001b@evil.example", "From: b@evil.example\u007f",
            "From: \"a@bank.example\" b@evil.example",
            "From: b@evil.example \"<a@bank.example>\"", "From: b@[evil.example]", "From: ", "X-From: b@evil.example",
            "From: b@evil..example", "From: b@.evil.example", "From: b@evil.example.", "From: b @evil.example",
            "From: =?utf-8?q?b=40evil.example?=", "From: <b@evil.example", "From: b@evil.example>",
            "From: <<b@evil.example>>", "From: <b@evil.example>;", "From: b;<b@evil.example>",
            "From: \"a\\\"@bank.example,\"b@evil.example\"@x"})
    void who_cannot_be_named_never_passes_and_is_refused(String header) throws IOException {
        zone.txt("_dmarc.evil.example", "v=DMARC1; p=none");
        List<Finding> evil = List.of(new Finding("spf", "pass", Map.of("smtp.mailfrom", "evil.example")),
                new Finding("dkim", "pass", Map.of("header.d", "evil.example")));

        assertThat(reply(judge(header, evil)))
                .isEqualTo("550 5.6.0 the message needs one From field with one plain address");
        given.put("author", "accept");
        assertThat(finding(judge(header, evil)).result()).isEqualTo("permerror");
    }

    /** What only looks odd: the address is the one that is judged. */
    @ParameterizedTest
    @ValueSource(strings = {"From: \"a@evil.example\" <a@bank.example>",
            "From: =?utf-8?q?a=40evil.example?= <a@bank.example>",
            "From: (a@evil.example) a@bank.example", "From: \"a@evil.example\"@bank.example",
            "From: \"a\\\"<a@evil.example>\" <a@bank.example>", "Sender: a@evil.example\nFrom: a@bank.example",
            "From: a@bank.example\nResent-From: a@evil.example", "From: <a@BANK.example> (evil.example)",
            "From: \"a\n b\" <a@bank.example>"})
    void the_one_address_counts_and_no_other(String header) throws IOException {
        List<Finding> evil = List.of(new Finding("spf", "pass", Map.of("smtp.mailfrom", "evil.example")),
                new Finding("dkim", "pass", Map.of("header.d", "evil.example")));

        assertThat(reply(judge(header, evil))).startsWith("550 5.7.1");
        assertThat(finding(judge(header, PASSING)).result()).isEqualTo("pass");
    }

    @Test
    void without_an_answer_of_dns_it_is_accepted_or_put_off_but_never_passes() throws IOException {
        assertThat(finding(judge("From: a@silent.example", PASSING)).result()).isEqualTo("temperror");
        given.put("temperror", "defer");
        assertThat(reply(judge("From: a@silent.example", PASSING)))
                .isEqualTo("451 4.7.1 DMARC of silent.example cannot be checked now");
    }

    @ParameterizedTest
    @CsvSource({"bank.example:none,bank.example,tell", "bank.example:none,a.bank.example,refuse",
            ".bank.example:none,a.bank.example,tell", ".bank.example:none,bank.example,tell",
            "lax.example:reject,lax.example,refuse", ".example:none,bank.example,refuse",
            ".bank.example:none;a.bank.example:reject,a.bank.example,refuse"})
    void the_operator_may_know_better(String overrides, String author, String done) throws IOException {
        if (overrides.startsWith(".example")) {
            assertThatThrownBy(() -> Settings.of(config(Map.of("overrides", new String[]{overrides})))).hasMessage(
                    "overrides: '.example:none' is not a domain, a colon, and one of none, quarantine, reject");
            return;
        }
        given.put("overrides", overrides.split(";", -1));
        Verdict verdict = judge("From: a@" + author, NOTHING);

        if (done.equals("refuse")) {
            assertThat(reply(verdict)).startsWith("550 5.7.1");
        } else {
            assertThat(finding(verdict).properties()).containsEntry("reason", "by local policy");
        }
    }

    @Test
    void clients_that_are_known_are_not_judged() throws IOException {
        trusted = true;
        assertThat(judge("From: a@bank.example", NOTHING)).isEqualTo(Verdict.proceed());
        trusted = false;
        account = "alice";
        assertThat(judge("From: a@bank.example", NOTHING)).isEqualTo(Verdict.proceed());
        given.put("trusted", true);
        assertThat(reply(judge("From: a@bank.example", NOTHING))).startsWith("550");
    }

    private static List<Finding> sealed(String results) {
        List<Finding> findings = new ArrayList<>(NOTHING);
        findings.add(new Finding("arc", "pass", Map.of("sealer", "lists.example", "sealer-results", results)));
        return findings;
    }

    @ParameterizedTest
    @ValueSource(strings = {"lists.example; dmarc=pass header.from=bank.example",
            "lists.example; spf=fail; dkim=pass header.d=bank.example",
            "lists.example; dkim=pass header.i=@x header.d=mail.bank.example (ok)",
            "lists.example; spf=pass smtp.mailfrom=a@bank.example"})
    void a_trusted_sealer_who_saw_it_pass_is_believed(String results) throws IOException {
        assertThat(finding(judge("From: a@bank.example", sealed(results))).properties()).containsEntry("reason",
                "it passed at the trusted sealer lists.example");
        given.put("arc", false);
        assertThat(reply(judge("From: a@bank.example", sealed(results)))).startsWith("550");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "lists.example; none", "lists.example; dmarc=fail header.from=bank.example",
            "lists.example; dmarc=pass header.from=evil.example", "lists.example; dmarc=pass",
            "lists.example; dkim=fail header.d=bank.example", "lists.example; dkim=pass header.d=evil.example",
            "lists.example; (dmarc=pass header.from=bank.example)",
            "lists.example; dmarc=pass header.from=bank.example x"})
    void one_who_did_not_is_not(String results) throws IOException {
        assertThat(reply(judge("From: a@bank.example", sealed(results)))).startsWith("550");
    }

    @Test
    void a_chain_that_does_not_pass_says_nothing() throws IOException {
        List<Finding> findings = new ArrayList<>(NOTHING);
        findings.add(new Finding("arc", "fail",
                Map.of("sealer", "lists.example", "sealer-results", "x; dmarc=pass header.from=bank.example")));

        assertThat(reply(judge("From: a@bank.example", findings))).startsWith("550");
    }

    @Test
    void settings_that_are_wrong_are_told_in_one_line() {
        assertThatThrownBy(() -> Settings.of(config(Map.of("policy", "maybe"))))
                .hasMessage("policy: 'maybe' is none of apply, report");
        assertThatThrownBy(() -> Settings.of(config(Map.of("overrides", new String[]{"bank.example"}))))
                .hasMessageStartingWith("overrides: 'bank.example' is not a domain, a colon");
    }
}
