package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;

/** Authentication-Results: one field of ours that tells what filters found, and none that others wrote in our name. */
class ResultsTest {

    private static final String NAME = "Authentication-Results";

    private static Filter finds(Finding... findings) {
        return says(new Verdict.Proceed(List.of(), List.of(findings)));
    }

    private static Filter says(Verdict verdict) {
        return new Filter() {
            @Override
            public Transaction begin(FilterContext context) {
                return new Transaction() {
                    @Override
                    public Verdict data(Envelope envelope, Message message) {
                        return verdict;
                    }
                };
            }
        };
    }

    private static List<String> results(TestServer server) {
        return server.message().headers().stream().filter(header -> header.is(NAME)).map(Header::value).toList();
    }

    @Test
    void one_field_on_top_tells_what_all_filters_found() throws IOException {
        try (TestServer server = new TestServer("filters=spf,dkim")
                .with("spf", finds(new Finding("spf", "pass", Map.of("smtp.mailfrom", "example.org"))))
                .with("dkim", finds(new Finding("dkim", "none", Map.of()), new Finding("arc", "none", Map.of())));
                SmtpClient client = server.hello()) {
            client.message("Subject: x\r\n\r\n");
            assertThat(server.message().headers().getFirst().field()).isEqualTo(NAME + ": mx.demo.test;\r\n"
                    + "\tspf=pass smtp.mailfrom=example.org;\r\n\tdkim=none;\r\n\tarc=none");
            assertThat(results(server)).hasSize(1);
        }
    }

    @Test
    void what_was_found_is_counted_by_filter_also_of_those_whose_verdict_has_no_effect_or_holds() throws IOException {
        Finding[] many = IntStream.range(0, 200).mapToObj(i -> new Finding("x", "r" + i, Map.of()))
                .toArray(Finding[]::new);
        try (TestServer server = new TestServer("filters=spf,dkim,odd,dmarc").wanting("dkim", "mode=shadow")
                .with("spf", finds(new Finding("spf", "pass", Map.of())))
                .with("dkim", finds(new Finding("dkim", "pass", Map.of()), new Finding("dkim", "fail", Map.of())))
                .with("odd", finds(many))
                .with("dmarc", says(new Verdict.Quarantine("x", List.of(new Finding("dmarc", "fail", Map.of())))));
                SmtpClient client = server.hello()) {
            client.message("Subject: x\r\n\r\n");
            client.message("Subject: x\r\n\r\n");

            assertThat(server.results("spf")).isEqualTo(Map.of("spf=pass", 2L));
            await().untilAsserted(() -> assertThat(server.results("dkim"))
                    .isEqualTo(Map.of("dkim=fail", 2L, "dkim=pass", 2L)));
            assertThat(server.results("dmarc")).isEqualTo(Map.of("dmarc=fail", 2L));
            assertThat(server.results("odd")).hasSize(50);
        }
    }

    @Test
    void it_is_in_the_name_that_was_configured() throws IOException {
        try (TestServer server = new TestServer("filters=spf", "authserv=example.net")
                .with("spf", finds(new Finding("spf", "pass", Map.of()))); SmtpClient client = server.hello()) {
            client.message(NAME + ": mx.demo.test; dkim=pass\r\n" + NAME + ": Example.Net; dkim=pass\r\n\r\n");
            assertThat(results(server)).containsExactly("example.net;\tspf=pass", "mx.demo.test; dkim=pass");
        }
    }

    @Test
    void that_the_client_has_logged_in_is_told_but_not_as_whom() throws IOException {
        try (TestServer server = new TestServer("auth=always", "senders=any")
                .with(_ -> new Decision.Granted("secret-name"), "X");
                SmtpClient client = server.hello()) {
            client.command("AUTH X", 235);
            client.message("Subject: x\r\n\r\n");
            assertThat(results(server)).hasSize(1).first().asString()
                    .startsWith("mx.demo.test;\tauth=pass smtp.mailfrom=")
                    .doesNotContain("secret");
        }
    }

    @Test
    void without_findings_there_is_none() throws IOException {
        try (TestServer server = new TestServer(); SmtpClient client = server.hello()) {
            client.message("Subject: x\r\n\r\n");
            assertThat(results(server)).isEmpty();
        }
    }

    @Test
    void what_is_held_has_it_too() throws IOException {
        try (TestServer server = new TestServer("filters=dmarc").with("dmarc",
                says(new Verdict.Quarantine("odd", List.of(new Finding("dmarc", "fail", Map.of())))));
                SmtpClient client = server.hello()) {
            client.message("Subject: x\r\n\r\n");
            assertThat(results(server)).containsExactly("mx.demo.test;\tdmarc=fail");
            assertThat(server.message().attributes()).containsEntry("hold", "odd");
        }
    }

    @Test
    void a_shadow_adds_nothing() throws IOException {
        try (TestServer server = new TestServer("filters=spf,dmarc")
                .with("spf", finds(new Finding("spf", "pass", Map.of())))
                .with("dmarc", finds(new Finding("dmarc", "pass", Map.of()))).wanting("dmarc", "mode=shadow");
                SmtpClient client = server.hello()) {
            client.message("Subject: x\r\n\r\n");
            assertThat(results(server)).containsExactly("mx.demo.test;\tspf=pass");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {NAME + ": mx.demo.test; dmarc=pass", "AUTHENTICATION-RESULTS : MX.demo.Test 1; dmarc=pass",
            NAME + ":\r\n (c)\r\n mx.demo.test\r\n (d) ; dmarc=pass", NAME + ": \"mx.demo.test\"; dmarc=pass",
            NAME + ": (; mx.demo.test; dmarc=pass"})
    void forged_ones_are_gone_before_filters_see_the_message(String forged) throws IOException {
        List<String> seen = new ArrayList<>();
        Filter reader = new Filter() {
            @Override
            public Transaction begin(FilterContext context) {
                return new Transaction() {
                    @Override
                    public Verdict data(Envelope envelope, Message message) {
                        message.headers().forEach(header -> seen.add(header.field()));
                        return Verdict.proceed();
                    }
                };
            }
        };
        try (TestServer server = new TestServer("filters=reader").with("reader", reader);
                SmtpClient client = server.hello()) {
            client.message(forged + "\r\nSubject: x\r\n" + forged + "\r\n" + NAME + ": other.test; dkim=pass\r\n\r\n");
            assertThat(seen).hasSize(3).noneMatch(field -> field.contains("dmarc"));
            assertThat(results(server)).containsExactly("other.test; dkim=pass");
        }
    }
}
