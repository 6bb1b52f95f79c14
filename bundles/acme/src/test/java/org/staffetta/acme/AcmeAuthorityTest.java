package org.staffetta.acme;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.acme.Schedule.Window;

/** What Pebble does not do: an authority that says whatever a test wants. */
class AcmeAuthorityTest {

    private static final Pattern PAYLOAD = Pattern.compile("\"payload\":\"([^\"]*)\"");
    private static final String PROBLEM = "application/problem+json";

    @TempDir
    Path folder;

    private final SecureRandom random = new SecureRandom();
    private final KeyPair keys = KeyKind.EC256.generate(random);
    private final List<String> orders = new ArrayList<>();
    private final Deque<Reply> replies = new ArrayDeque<>();
    private HttpServer server;
    private String base;

    private record Reply(int status, String type, Map<String, String> headers, String body) {

        static Reply problem(int status, String kind, Map<String, String> headers) {
            return new Reply(status, PROBLEM, headers,
                    "{\"type\":\"urn:ietf:params:acme:error:" + kind + "\",\"detail\":\"because of " + kind + "\"}");
        }
    }

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        base = "http://127.0.0.1:" + server.getAddress().getPort();
        server.createContext("/dir", exchange -> answer(exchange, new Reply(200, "application/json", Map.of(), """
                {"newNonce": "BASE/nonce", "newAccount": "BASE/account", "newOrder": "BASE/order",
                "renewalInfo": "BASE/renewal", "meta": {"profiles": {"shortlived": "six days"}}}""".replace("BASE",
                base))));
        server.createContext("/nonce", exchange -> answer(exchange, new Reply(200, "text/plain", Map.of(), "")));
        server.createContext("/account", exchange -> answer(exchange, new Reply(201, "application/json",
                Map.of("Location", base + "/account/1"), "{\"status\":\"valid\"}")));
        server.createContext("/order", exchange -> {
            orders.add(payload(exchange));
            answer(exchange, replies.remove());
        });
        server.createContext("/renewal", exchange -> answer(exchange, replies.remove()));
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private static void answer(HttpExchange exchange, Reply reply) throws IOException {
        exchange.getResponseHeaders().set("Replay-Nonce", "bm9uY2U");
        exchange.getResponseHeaders().set("Content-Type", reply.type());
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] body = reply.body().getBytes(UTF_8);
        exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String payload(HttpExchange exchange) throws IOException {
        Matcher payload = PAYLOAD.matcher(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        assertThat(payload.find()).isTrue();
        return new String(Base64.getUrlDecoder().decode(payload.group(1)), UTF_8);
    }

    private Settings settings() {
        return Configs.settings(Map.of("directory", base + "/dir", "terms", "accepted"));
    }

    private Authority authority() throws IOException {
        return AcmeAuthority.open(settings(), folder, new PrivateFiles(folder), random);
    }

    private void order(Optional<X509Certificate> replaced) throws Exception {
        Order order = Configs.order("mx", Map.of("domains", new String[]{"mx.test"}, "profile", "shortlived"));
        try (Authority authority = authority()) {
            authority.issue(order, keys, replaced);
        }
    }

    private X509Certificate certificate() {
        return Issuing.certificate(List.of("mx.test"), keys.getPublic(), Instant.now(),
                Instant.now().plus(Duration.ofDays(90)));
    }

    @Test
    void a_limit_is_told_with_the_time_that_the_authority_names() {
        replies.add(Reply.problem(429, "rateLimited", Map.of("Retry-After", "7200")));
        LimitedException limited = catchThrowableOfType(LimitedException.class, () -> order(Optional.empty()));
        assertThat(limited).hasMessageContaining("because of rateLimited");
        assertThat(limited.until()).isBetween(Instant.now().plusSeconds(7100), Instant.now().plusSeconds(7300));
    }

    @Test
    void terms_that_have_changed_are_told_with_where_they_are() {
        replies.add(Reply.problem(403, "userActionRequired",
                Map.of("Link", "<https://ca.test/terms/2>;rel=\"terms-of-service\"")));
        assertThatThrownBy(() -> order(Optional.empty())).isInstanceOf(IOException.class)
                .hasMessageContaining("https://ca.test/terms/2");
    }

    @Test
    void an_answer_that_makes_no_sense_is_told() {
        replies.add(new Reply(200, "text/html", Map.of("Location", base + "/order/1"), "<p>Welcome to the hotel"));
        assertThatThrownBy(() -> order(Optional.empty())).isInstanceOf(IOException.class)
                .hasMessageContaining("does not answer as it should").hasMessageContaining("text/html");
        replies.add(new Reply(502, "text/html", Map.of(), "<p>Bad gateway"));
        assertThatThrownBy(() -> order(Optional.empty())).isInstanceOf(IOException.class).hasMessageContaining("502");
    }

    @Test
    void the_order_names_the_certificate_that_it_replaces_unless_that_was_replaced_before() {
        replies.add(Reply.problem(409, "alreadyReplaced", Map.of()));
        replies.add(Reply.problem(400, "malformed", Map.of()));
        assertThatThrownBy(() -> order(Optional.of(certificate()))).hasMessageContaining("because of malformed");
        assertThat(orders).hasSize(2);
        assertThat(orders.getFirst()).contains("\"replaces\":\"").contains("\"profile\":\"shortlived\"");
        assertThat(orders.getLast()).doesNotContain("replaces").contains("mx.test");
    }

    @Test
    void a_profile_that_there_is_not_is_told() {
        Order order = Configs.order("mx", Map.of("domains", new String[]{"mx.test"}, "profile", "eternal"));
        assertThatThrownBy(() -> {
            try (Authority authority = authority()) {
                authority.issue(order, keys, Optional.empty());
            }
        }).isInstanceOf(IOException.class).hasMessageContaining("profile: eternal");
    }

    @Test
    void the_time_of_a_renewal_is_asked_for_once_there_is_an_account() throws Exception {
        try (Authority authority = authority()) {
            assertThat(authority.renewal(certificate())).isEmpty();
        }
        new Accounts(new PrivateFiles(folder), random).put(URI.create(base + "/dir"),
                new Accounts.Account(keys, base + "/account/1", List.of()));
        replies.add(new Reply(200, "application/json", Map.of("Retry-After", "21600"), """
                {"suggestedWindow": {"start": "2026-12-01T00:00:00Z", "end": "2026-12-02T00:00:00Z"}}"""));
        try (Authority authority = authority()) {
            Window window = authority.renewal(certificate()).orElseThrow();
            assertThat(window.start()).isEqualTo("2026-12-01T00:00:00Z");
            assertThat(window.end()).isEqualTo("2026-12-02T00:00:00Z");
            assertThat(window.again()).isBetween(Instant.now().plusSeconds(21000), Instant.now().plusSeconds(22000));
        }
    }

    @Test
    void an_interrupt_ends_the_waiting() throws Exception {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> order(Optional.empty())).isInstanceOf(InterruptedException.class);
    }
}
