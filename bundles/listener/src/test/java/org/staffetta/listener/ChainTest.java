package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvent.Kind;
import org.staffetta.api.filter.Chain;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.Verdict;

/** For whom a filter is asked, in which order, and what becomes of it when one fails. */
@Timeout(60)
class ChainTest {

    private static final Map<String, String> NOTHING = Map.of();

    private static String message(TestServer server, String sender, String... recipients) throws IOException {
        try (SmtpClient client = server.hello()) {
            client.transaction(sender, recipients);
            client.command("DATA", 354);
            client.send("Subject: x\r\n\r\n.\r\n");
            return client.reply();
        }
    }

    @Test
    void one_that_is_off_is_not_asked_and_need_not_be_there() throws IOException {
        Recorder filter = Recorder.refusing(Phase.CONNECT);
        try (TestServer server = new TestServer("filters=probe").wanting("probe", "mode=off")) {
            assertThat(message(server, "s@example.org", "alice@demo.test")).startsWith("250");
            server.with("probe", filter);
            assertThat(message(server, "s@example.org", "alice@demo.test")).startsWith("250");
            assertThat(filter.asked).isEmpty();
            assertThat(server.plugins.leases()).isZero();
        }
    }

    @Test
    void the_order_and_the_mode_change_live_and_a_transaction_keeps_what_it_began_with() throws IOException {
        Recorder first = Recorder.silent();
        Recorder second = Recorder.refusing(Phase.RCPT);
        try (TestServer server = new TestServer("filters=first").with("first", first).with("second", second);
                SmtpClient client = server.hello()) {
            client.command("MAIL FROM:<s@example.org>", 250);
            server.server.modify(TestSettings.of("filters=second,first", "port=0"));
            client.command("RCPT TO:<alice@demo.test>", 250);
            client.command("RSET", 250);
            client.command("MAIL FROM:<s@example.org>", 250);
            server.wanting("second", "mode=off");
            client.command("RCPT TO:<alice@demo.test>", 550);
            client.command("RSET", 250);
            client.transaction("s@example.org", "alice@demo.test");
        }
    }

    @Test
    void it_is_asked_for_recipients_in_its_domains_only_and_shown_then_what_it_missed() throws IOException {
        Recorder filter = Recorder.silent();
        try (TestServer server = new TestServer("filters=probe", "trusted.networks=127.0.0.0/8").with("probe", filter)
                .wanting("probe", "domains=Scope.example,.sub.example"); SmtpClient client = server.hello()) {
            client.transaction("s@example.org", "alice@demo.test", "a@sub.example");
            assertThat(filter.asked).isEmpty();
            client.command("RCPT TO:<b@deep.sub.example>", 250);
            assertThat(filter.asked).containsExactly("connect", "helo client.example", "begin", "mail s@example.org 0",
                    "rcpt b@deep.sub.example 2");
            client.command("RCPT TO:<c@scope.example>", 250);
            client.command("DATA", 354);
            client.command(".", 250);
            assertThat(filter.asked).contains("rcpt c@scope.example 3");
            assertThat(filter.phases()).endsWith("rcpt", "data", "close");
            filter.asked.clear();
            client.transaction("s@example.org", "alice@demo.test");
            client.command("DATA", 354);
            client.command(".", 250);
            assertThat(filter.asked).as("for a message that is not in its domains").isEmpty();
        }
    }

    @Test
    void it_is_asked_for_its_tenants_whose_domains_may_change() throws IOException {
        Recorder filter = Recorder.silent();
        try (TestServer server = new TestServer("filters=probe", "trusted.networks=127.0.0.0/8").with("probe", filter)
                .wanting("probe", "tenants=acme,gone", "domains=scope.example").tenant("acme", "domains=Acme.example")
                .tenant("other", "domains=demo.test"); SmtpClient client = server.hello()) {
            client.transaction("s@example.org", "alice@demo.test", "a@acme.example", "b@scope.example");
            assertThat(filter.phases()).containsExactly("connect", "helo", "begin", "mail", "rcpt", "rcpt");
            client.command("RSET", 250);
            filter.asked.clear();
            server.tenant("acme", "domains=.acme.example");
            client.transaction("s@example.org", "a@acme.example");
            assertThat(filter.asked).isEmpty();
            client.command("RCPT TO:<b@mail.acme.example>", 250);
            assertThat(filter.asked).contains("rcpt b@mail.acme.example 1");
            assertThat(server.server.links()).singleElement().satisfies(link -> {
                assertThat(link.scope()).isEqualTo("tenants=acme,gone domains=scope.example,.acme.example");
                assertThat(link.asks("demo.test", false)).isFalse();
                assertThat(link.asks("x.acme.example", false)).isTrue();
            });
        }
    }

    @Test
    void a_tenant_that_is_not_there_has_nobody() throws IOException {
        Recorder filter = Recorder.silent();
        try (TestServer server = new TestServer("filters=probe").with("probe", filter).wanting("probe",
                "tenants=gone"); SmtpClient client = server.hello()) {
            client.transaction("s@example.org", "alice@demo.test");
            assertThat(filter.asked).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"CONNECT", "HELO", "MAIL", "RCPT"})
    void what_it_refuses_late_is_refused_of_its_recipients_and_not_of_others(Phase phase) throws IOException {
        try (TestServer server = new TestServer("filters=probe", "trusted.networks=127.0.0.0/8")
                .with("probe", Recorder.refusing(phase)).wanting("probe", "domains=scope.example");
                SmtpClient client = server.hello()) {
            client.command("MAIL FROM:<s@example.org>", 250);
            client.command("RCPT TO:<a@scope.example>", 550);
            client.command("RCPT TO:<b@scope.example>", 550);
            client.command("RCPT TO:<alice@demo.test>", 250);
            client.command("DATA", 354);
            client.command(".", 250);
            assertThat(server.message().envelope().recipients()).hasSize(1);
        }
    }

    @Test
    void it_is_asked_by_the_listeners_it_is_for() throws IOException {
        Recorder here = Recorder.silent();
        Recorder elsewhere = Recorder.refusing(Phase.MAIL);
        try (TestServer server = new TestServer("filters=here,elsewhere").with("here", here)
                .with("elsewhere", elsewhere)
                .wanting("here", "listeners=other,smtp").wanting("elsewhere", "listeners=other")) {
            assertThat(message(server, "s@example.org", "alice@demo.test")).startsWith("250");
            assertThat(here.phases()).containsExactly("connect", "helo", "begin", "mail", "rcpt", "data", "close");
            assertThat(elsewhere.asked).isEmpty();
        }
    }

    @Test
    void those_who_have_logged_in_are_told_from_others_at_mail_and_not_before() throws IOException {
        Recorder strangers = Recorder.refusing(Phase.CONNECT);
        Recorder users = Recorder.silent();
        try (TestServer server = new TestServer("filters=strangers,users", "auth=always", "senders=any")
                .with(new PasswordAuthenticator(), "PLAIN").with("strangers", strangers).with("users", users)
                .wanting("strangers", "authenticated=no").wanting("users", "authenticated=yes");
                SmtpClient client = server.hello()) {
            assertThat(client.command("MAIL FROM:<s@example.org>", 550)).contains("not wanted here");
            assertThat(users.asked).isEmpty();
            client.command("AUTH PLAIN AGJvYkBteWRvbWFpbi50bGQAc2VjcmV0", 235);
            client.transaction("s@example.org", "alice@demo.test");
            assertThat(users.asked).containsExactly("connect", "helo client.example", "begin", "mail s@example.org 0",
                    "rcpt alice@demo.test 0");
            assertThat(strangers.phases()).containsExactly("connect");
        }
    }

    @Test
    void trusted_clients_can_be_left_out() throws IOException {
        Recorder filter = Recorder.refusing(Phase.CONNECT);
        try (TestServer server = new TestServer("filters=probe", "trusted.networks=127.0.0.0/8").with("probe", filter)
                .wanting("probe", "trusted=no")) {
            assertThat(message(server, "s@example.org", "alice@demo.test")).startsWith("250");
            server.server.modify(TestSettings.of("filters=probe", "trusted.networks="));
            try (SmtpClient client = server.client()) {
                client.expect(554);
            }
        }
    }

    @Test
    void a_share_is_of_senders_and_the_same_sender_gets_the_same_answer() throws IOException {
        try (TestServer server = new TestServer("filters=probe", "max.errors=10000", "slow.errors=10000",
                "max.idle.commands=10000")
                .with("probe", Recorder.refusing(Phase.MAIL)).wanting("probe", "share=30%");
                SmtpClient client = server.hello()) {
            int refused = 0;
            for (int i = 0; i < 300; i++) {
                String reply = mail(client, "a@" + i + ".example");
                refused += reply.startsWith("550") ? 1 : 0;
                assertThat(mail(client, "b@" + i + ".EXAMPLE")).startsWith(reply.substring(0, 3));
            }
            assertThat(refused).isBetween(60, 120);
            assertThat(server.counters("probe", "serves")).containsEntry("refuse", 2L * refused);
        }
    }

    private static String mail(SmtpClient client, String sender) throws IOException {
        client.send("MAIL FROM:<" + sender + ">\r\n");
        String reply = client.reply();
        client.command("RSET", 250);
        return reply;
    }

    @ParameterizedTest
    @CsvSource({"CONNECT", "HELO", "BEGIN", "MAIL", "RCPT", "DATA"})
    void one_that_may_fail_is_skipped_for_the_call_and_the_log_says_so(Phase phase) throws IOException {
        Recorder filter = Recorder.silent().saying(phase, () -> {
            throw new IOException("the database is down");
        });
        Recorder next = Recorder.silent();
        try (TestServer server = new TestServer("filters=probe,next").with("probe", filter).with("next", next)
                .wanting("probe", "failure=open")) {
            assertThat(message(server, "s@example.org", "alice@demo.test")).startsWith("250");
            assertThat(next.phases()).containsExactly("connect", "helo", "begin", "mail", "rcpt", "data", "close");
            assertThat(server.counters("probe", "serves")).containsEntry("failed", 1L);
            assertThat(server.events(Kind.FILTERED)).singleElement().satisfies(
                    event -> assertThat(event.fields().get("filters")).contains("probe/1.0.0 " + phase + " skipped "));
            assertThat(server.events(Kind.ALARM)).singleElement().satisfies(event -> assertThat(
                    event.fields().get("reason")).contains("filter probe failed and was skipped"));
        }
    }

    @ParameterizedTest
    @CsvSource({"default,'',451", "default,open,250", "default,closed,451", "closed,open,451", "open,closed,250"})
    void what_a_filter_says_of_its_failures_holds_unless_the_operator_says_otherwise(String wanted, String declared,
            int code) throws IOException {
        Recorder filter = Recorder.silent().saying(Phase.MAIL, () -> {
            throw new IllegalStateException("a bug");
        });
        Map<String, String> properties = declared.isEmpty() ? NOTHING : Map.of(Filter.FAILURE, declared);
        try (TestServer server = new TestServer("filters=probe").with("probe", "1.0.0", filter, properties)
                .wanting("probe", "failure=" + wanted); SmtpClient client = server.hello()) {
            assertThat(server.server.links()).extracting(Chain.Link::failure)
                    .containsExactly(code == 250 ? "open" : "closed");
            client.command("MAIL FROM:<s@example.org>", code);
        }
    }

    @Test
    void the_newer_of_two_versions_is_a_canary_for_its_share_of_senders() throws IOException {
        Recorder old = Recorder.silent();
        Recorder fresh = Recorder.silent();
        try (TestServer server = new TestServer("filters=probe", "max.idle.commands=10000")
                .with("probe", "1.0.0", old, NOTHING)
                .with("probe", "1.1.0", fresh, NOTHING).wanting("probe", "canary.share=20%");
                SmtpClient client = server.hello()) {
            for (int i = 0; i < 200; i++) {
                mail(client, "a@" + i + ".example");
            }
            long canary = server.counters("probe", "canary").get("asked");
            assertThat(canary).isBetween(15L, 65L);
            assertThat(server.counters("probe", "serves").get("asked") + canary).as("mail for each, connect and helo")
                    .isEqualTo(202L);
            assertThat(fresh.phases().stream().filter("begin"::equals).count()
                    + old.phases().stream().filter("begin"::equals).count()).isEqualTo(200L);
            server.plugins.remove(old);
            mail(client, "a@0.example");
            mail(client, "a@1.example");
            assertThat(fresh.phases()).as("alone it serves all").endsWith("begin", "mail", "close", "begin", "mail",
                    "close");
        }
    }

    @Test
    void without_a_word_the_newest_serves_all() throws IOException {
        Recorder old = Recorder.refusing(Phase.MAIL);
        try (TestServer server = new TestServer("filters=probe").with("probe", "1.10.0", Recorder.silent(), NOTHING)
                .with("probe", "1.9.0", old, NOTHING)) {
            assertThat(message(server, "s@example.org", "alice@demo.test")).startsWith("250");
            assertThat(server.server.links()).singleElement().extracting(Chain.Link::version).isEqualTo("1.10.0");
        }
    }

    @Test
    void who_was_asked_is_told_once_for_each_transaction() throws IOException {
        Recorder second = Recorder.silent().saying(Phase.RCPT, () -> Verdict.defer("4.7.1", "greylisted"));
        try (TestServer server = new TestServer("filters=one,two").with("one", Recorder.silent()).with("two", second)
                .wanting("two", "domains=demo.test"); SmtpClient client = server.hello()) {
            client.command("MAIL FROM:<s@example.org>", 250);
            client.command("RCPT TO:<alice@demo.test>", 451);
            client.command("RCPT TO:<bob@demo.test>", 451);
            client.command("RSET", 250);
            MailEvent told = server.events(Kind.FILTERED).getFirst();
            String transaction = told.sessionId() + ".1";
            assertThat(told.fields()).containsEntry("transaction", transaction);
            assertThat(told.fields().get("filters")).matches("one/1.0.0 connect proceed [0-9.]+, "
                    + "one/1.0.0 helo proceed [0-9.]+, one/1.0.0 mail proceed [0-9.]+, one/1.0.0 rcpt proceed [0-9.]+ x2, "
                    + "two/1.0.0 connect proceed [0-9.]+, two/1.0.0 helo proceed [0-9.]+, two/1.0.0 mail proceed [0-9.]+, "
                    + "two/1.0.0 rcpt defer [0-9.]+ x2");
            assertThat(server.events(Kind.REFUSED)).hasSize(2).allSatisfy(
                    event -> assertThat(event.fields()).containsEntry("filter", "two")
                            .containsEntry("transaction", transaction));
        }
    }

    @Test
    void a_trace_longer_than_a_field_goes_on_in_the_next() {
        Trace trace = new Trace();
        for (int i = 0; i < 60; i++) {
            trace.note("filter-number-" + i + "/1.0.0", Phase.DATA, Word.PROCEED, 1_234_567);
        }
        List<String> fields = new ArrayList<>();
        trace.addTo(fields);
        assertThat(fields).hasSize(6).element(0).isEqualTo("filters");
        assertThat(fields.get(2)).isEqualTo("filters.2");
        assertThat(List.of(fields.get(1), fields.get(3), fields.get(5)))
                .allSatisfy(text -> assertThat(text.length()).isLessThan(1000));
        assertThat(fields.get(5)).endsWith("filter-number-59/1.0.0 data proceed 1.23");
    }

    @Test
    void the_chain_can_be_seen_as_it_stands() throws IOException {
        try (TestServer server = new TestServer("filters=spf,gone?,*").with("spf", Recorder.silent())
                .with("other", Recorder.silent()).wanting("spf", "mode=shadow", "share=5%", "authenticated=no",
                        "domains=a.example,.b.example", "listeners=smtp", "trusted=no")) {
            List<Chain.Link> links = server.server.links();
            assertThat(links).extracting(Chain.Link::name).containsExactly("spf", "gone", "other");
            assertThat(links).extracting(Chain.Link::version).containsExactly("1.0.0", "", "1.0.0");
            Chain.Link spf = links.getFirst();
            assertThat(List.of(spf.role(), spf.mode(), spf.share(), spf.scope(), spf.failure(), spf.breaker()))
                    .containsExactly("serves", "shadow", "5%",
                            "listeners=smtp domains=a.example,.b.example authenticated=no trusted=no", "closed",
                            "closed");
            assertThat(spf.asks("a.example", false)).isTrue();
            assertThat(spf.asks("x.b.example", false)).isTrue();
            assertThat(spf.asks("", false)).isTrue();
            assertThat(spf.asks("c.example", false)).isFalse();
            assertThat(spf.asks("a.example", true)).isFalse();
            await().untilAsserted(() -> assertThat(server.plugins.leases()).isZero());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "domains=exa mple | domains: 'exa mple' is not a domain; write example.org or .example.org",
            "mode=maybe | mode: 'maybe' is none of enforce, shadow, off",
            "share=5 | '5' is not a share; write 5% or 0.5%, at most 100%",
            "shadow.wait=soon | shadow.wait: 'soon' is not a time such as 500ms, 30s, 5m, 2h or 5d"})
    void a_setting_that_is_wrong_is_told_in_one_line(String setting, String message) {
        assertThatThrownBy(() -> FilterPolicy.of(TestSettings.filter(setting)))
                .isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void a_change_that_is_wrong_leaves_what_was() {
        FilterSettings settings = new FilterSettings(TestSettings.filter("mode=shadow"),
                Map.of("service.pid", "org.staffetta.filter~probe"));
        settings.modified(TestSettings.filter("share=a lot"));
        assertThat(settings.name()).isEqualTo("probe");
        assertThat(settings.policy().mode()).isEqualTo(FilterPolicy.Mode.SHADOW);
    }
}
