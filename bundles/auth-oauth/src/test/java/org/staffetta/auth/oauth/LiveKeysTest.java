package org.staffetta.auth.oauth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that change, and those who publish them badly. */
class LiveKeysTest {

    private static final Provider FIRST = new Provider();
    private static final Provider SECOND = new Provider();

    @TempDir
    Path folder;

    private final List<String> alarms = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong(-7);
    private final AtomicInteger questions = new AtomicInteger();
    private volatile Page page = exchange -> send(exchange, 200, FIRST.keySet());
    private HttpServer server;

    private interface Page {
        void answer(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            questions.incrementAndGet();
            page.answer(exchange);
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void a_file_that_changes_is_read_again() throws Exception {
        Path file = Files.writeString(folder.resolve("keys.json"), FIRST.keySet());
        LiveKeys keys = live(new KeyFile(file));
        keys.look();
        assertThat(has(keys, FIRST)).isTrue();

        Files.writeString(file, SECOND.keySet() + " ");
        keys.look();
        assertThat(has(keys, SECOND)).isTrue();
        assertThat(has(keys, FIRST)).isFalse();
        assertThat(alarms).isEmpty();
    }

    @Test
    void while_a_file_is_of_no_use_the_keys_before_serve_on_and_that_is_told_once() throws Exception {
        Path file = Files.writeString(folder.resolve("keys.json"), FIRST.keySet());
        LiveKeys keys = live(new KeyFile(file));
        keys.look();
        Files.writeString(file, FIRST.keySet().substring(0, 50));
        keys.look();
        keys.look();
        assertThat(alarms).as("it may be in the middle of being written").isEmpty();
        keys.look();
        keys.look();

        assertThat(alarms)
                .containsExactly("keys: it is no JSON Web Key Set; the keys that were read before serve on");
        assertThat(has(keys, FIRST)).isTrue();
        Files.delete(file);
        keys.look();
        assertThat(has(keys, FIRST)).isTrue();
        Files.writeString(file, SECOND.keySet());
        keys.look();
        assertThat(has(keys, SECOND)).isTrue();
    }

    @Test
    void without_any_file_that_is_told_at_once() throws Exception {
        LiveKeys keys = live(new KeyFile(folder.resolve("none.json")));
        keys.look();

        assertThat(alarms).containsExactly("keys: there is no such file");
        assertThatThrownBy(keys::keys).isInstanceOf(IOException.class).hasMessage("keys: the keys are not known");
    }

    @Test
    void a_large_file_is_not_read() throws Exception {
        Path file = Files.writeString(folder.resolve("keys.json"), " ".repeat(KeySource.MOST_OCTETS) + FIRST.keySet());
        LiveKeys keys = live(new KeyFile(file));
        keys.look();

        assertThat(alarms).containsExactly("keys: it has more than 65536 octets");
    }

    @Test
    void a_url_is_asked_when_the_keys_are_old() throws Exception {
        try (LiveKeys keys = live(url(Duration.ofSeconds(10)))) {
            look(keys, 3);
            assertThat(has(keys, FIRST)).isTrue();
            assertThat(questions).hasValue(1);
            page = exchange -> send(exchange, 200, SECOND.keySet());
            clock.addAndGet(Duration.ofMinutes(59).toNanos());
            look(keys, 3);
            assertThat(questions).hasValue(1);
            clock.addAndGet(Duration.ofMinutes(1).toNanos());
            look(keys, 3);
            assertThat(questions).hasValue(2);
            assertThat(has(keys, SECOND)).isTrue();
        }
    }

    @Test
    void somebody_who_misses_a_key_has_it_asked_but_not_all_the_time() throws Exception {
        try (LiveKeys keys = live(url(Duration.ofSeconds(10)))) {
            keys.look();
            page = exchange -> send(exchange, 200, SECOND.keySet());
            keys.renew();
            assertThat(questions).as("a moment after the first").hasValue(1);
            clock.addAndGet(Duration.ofMinutes(1).toNanos());
            for (int i = 0; i < 100; i++) {
                keys.renew();
            }
            assertThat(questions).hasValue(2);
            assertThat(has(keys, SECOND)).isTrue();
        }
    }

    @Test
    void what_a_url_answers_is_bounded_in_size_and_time_and_must_be_from_there() throws Exception {
        Duration enough = Duration.ofSeconds(20);
        Duration little = Duration.ofMillis(300);
        assertThat(alarm(enough, exchange -> send(exchange, 200, " ".repeat(KeySource.MOST_OCTETS) + FIRST.keySet())))
                .contains("65536");
        assertThat(alarm(enough, exchange -> send(exchange, 404, FIRST.keySet())))
                .isEqualTo("keys: it answers with status 404");
        assertThat(alarm(enough, exchange -> {
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            send(exchange, 302, "");
        })).isEqualTo("keys: it answers with status 302");
        assertThat(alarm(enough, HttpExchange::close)).startsWith("keys: ");
        assertThat(alarm(little, exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
        })).isEqualTo("keys: there was no answer within 300 ms");
        assertThat(alarm(little, exchange -> {
            // not even a header
        })).isEqualTo("keys: there was no answer within 300 ms");
    }

    private String alarm(Duration deadline, Page bad) throws InterruptedException {
        alarms.clear();
        page = bad;
        try (LiveKeys keys = live(url(deadline))) {
            keys.look();
            assertThatThrownBy(keys::keys).isInstanceOf(IOException.class);
        }
        return String.join("\n", alarms);
    }

    private LiveKeys live(KeySource source) {
        return new LiveKeys("keys", source, alarms::add);
    }

    private KeyUrl url(Duration deadline) {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/certs");
        return new KeyUrl(url, new KeyUrl.Times(Duration.ofHours(1), Duration.ofMinutes(1), deadline), clock::get);
    }

    private static void look(LiveKeys keys, int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            keys.look();
        }
    }

    private static boolean has(LiveKeys keys, Provider provider) throws IOException {
        return keys.keys().all().stream().anyMatch(key -> key.key().equals(provider.rsa.getPublicKey()));
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] octets = body.getBytes(US_ASCII);
        exchange.sendResponseHeaders(status, octets.length == 0 ? -1 : octets.length);
        exchange.getResponseBody().write(octets);
        exchange.close();
    }
}
