package org.staffetta.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.staffetta.testkit.PebbleServer;

/** With an authority that others wrote. */
class PebbleTest {

    @TempDir
    Path folder;

    private final SecureRandom random = new SecureRandom();
    private int http;
    private int tls;

    @BeforeEach
    void look() throws IOException {
        assumeTrue(PebbleServer.isInstalled(), "Pebble is not installed: apt install pebble");
        http = PebbleServer.freePort();
        tls = PebbleServer.freePort();
    }

    private PebbleServer pebble(String settings, Map<String, String> environment) throws Exception {
        return PebbleServer.start(folder.resolve("pebble"), http, tls, settings, environment);
    }

    private Settings settings(PebbleServer pebble, Map<String, Object> more) {
        Map<String, Object> values = new HashMap<>(Map.of("directory", pebble.directory(), "trust",
                pebble.trust().toString(), "terms", "accepted", "contact", new String[]{"postmaster@one.test"},
                "http_address", "127.0.0.1", "http_port", http, "tls_address", "127.0.0.1", "tls_port", tls,
                "timeout", "30s"));
        values.putAll(more);
        return Configs.settings(values);
    }

    private static Order order(String challenge, String key, String... domains) {
        return Configs.order("mx", Map.of("domains", domains, "challenge", challenge, "key", key));
    }

    private List<X509Certificate> issue(Settings settings, Order order) throws Exception {
        KeyPair keys = order.key().generate(random);
        try (Authority authority = AcmeAuthority.open(settings, folder, new PrivateFiles(folder.resolve("acme")),
                random)) {
            List<X509Certificate> chain = authority.issue(order, keys, Optional.empty());
            assertThat(chain.getFirst().getPublicKey()).isEqualTo(keys.getPublic());
            return chain;
        }
    }

    @ParameterizedTest
    @CsvSource({"http-01,ec256", "http-01,rsa2048", "tls-alpn-01,ec384"})
    void a_certificate_is_got_by_each_challenge(String challenge, String key) throws Exception {
        try (PebbleServer pebble = pebble("", Map.of("PEBBLE_AUTHZREUSE", "0"))) {
            Settings settings = settings(pebble, Map.of());
            List<X509Certificate> chain = issue(settings, order(challenge, key, "one.test", "two.test"));
            assertThat(Shelf.names(chain.getFirst())).containsExactlyInAnyOrder("one.test", "two.test");
            assertThat(chain).hasSizeGreaterThan(1);
            chain.getFirst().verify(chain.get(1).getPublicKey());
            // the account is the same the next time
            String account = account();
            issue(settings, order(challenge, key, "one.test"));
            assertThat(account()).isEqualTo(account).contains("Location: https://127.0.0.1:");
        }
    }

    @Test
    void refused_nonces_are_made_good() throws Exception {
        try (PebbleServer pebble = pebble("", Map.of("PEBBLE_WFE_NONCEREJECT", "40"))) {
            int orders = 0;
            do {
                assertThat(issue(settings(pebble, Map.of()), order("http-01", "ec256", "one.test"))).isNotEmpty();
                orders++;
            } while (asked(pebble) == orders && orders < 30);
            assertThat(asked(pebble)).isGreaterThan(orders);
        }
    }

    @Test
    void an_account_is_bound_to_one_that_the_authority_knows() throws Exception {
        String bound = ", \"externalAccountBindingRequired\": true, \"externalAccountMACKeys\": {\"kid-1\": "
                + "\"zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W\"}";
        try (PebbleServer pebble = pebble(bound, Map.of())) {
            assertThatThrownBy(() -> issue(settings(pebble, Map.of()), order("http-01", "ec256", "one.test")))
                    .isInstanceOf(IOException.class).hasMessageContaining("xternal");
            Settings settings = settings(pebble, Map.of("eab_kid", "kid-1", "eab_hmac",
                    "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W"));
            assertThat(issue(settings, order("http-01", "ec256", "one.test"))).isNotEmpty();
        }
    }

    @Test
    void an_account_that_the_authority_has_forgotten_is_made_again_with_the_same_key() throws Exception {
        try (PebbleServer pebble = pebble("", Map.of())) {
            Settings settings = settings(pebble, Map.of());
            issue(settings, order("http-01", "ec256", "one.test"));
            String before = account();
            pebble.stop();
            pebble.restart();
            assertThat(issue(settings, order("http-01", "ec256", "one.test"))).isNotEmpty();
            assertThat(Pem.of(account()).keys().getPublic()).isEqualTo(Pem.of(before).keys().getPublic());
        }
    }

    @Test
    void another_contact_is_told() throws Exception {
        try (PebbleServer pebble = pebble("", Map.of())) {
            issue(settings(pebble, Map.of()), order("http-01", "ec256", "one.test"));
            issue(settings(pebble, Map.of("contact", new String[]{"two@one.test"})),
                    order("http-01", "ec256", "one.test"));
            assertThat(account()).contains("Contact: two@one.test\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"http-01,http_port", "tls-alpn-01,tls_port"})
    void a_challenge_that_does_not_reach_us_is_told_with_what_the_authority_says(String challenge, String port)
            throws Exception {
        try (PebbleServer pebble = pebble("", Map.of())) {
            Settings settings = settings(pebble, Map.of(port, PebbleServer.freePort()));
            assertThatThrownBy(() -> issue(settings, order(challenge, "ec256", "one.test")))
                    .isInstanceOf(IOException.class).hasMessageContaining("one.test")
                    .hasMessageContaining(challenge).hasMessageContaining("onnect")
                    .hasMessageContaining("nobody came to 127.0.0.1:");
        }
    }

    @Test
    void somebody_elses_answer_is_told() throws Exception {
        try (PebbleServer pebble = pebble("", Map.of());
                HttpResponder other = new HttpResponder(settings(pebble, Map.of()).http(), "token", "answer")) {
            Settings settings = settings(pebble, Map.of("http_port", PebbleServer.freePort()));
            assertThatThrownBy(() -> issue(settings, order("http-01", "ec256", "one.test")))
                    .isInstanceOf(IOException.class).hasMessageContaining("404");
            assertThat(other.report()).contains("not for this");
        }
    }

    @Test
    void a_port_that_is_taken_is_told_and_no_challenge_is_begun() throws Exception {
        try (PebbleServer pebble = pebble("", Map.of());
                ServerSocket _ = new ServerSocket(http, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> issue(settings(pebble, Map.of()), order("http-01", "ec256", "one.test")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("acme.http.port: 127.0.0.1:" + http + " cannot be listened on");
        }
    }

    @Test
    void a_domain_that_the_authority_does_not_want_is_told() throws Exception {
        try (PebbleServer pebble = pebble(", \"domainBlocklist\": [\"bad.test\"]", Map.of())) {
            assertThatThrownBy(() -> issue(settings(pebble, Map.of()), order("http-01", "ec256", "bad.test")))
                    .isInstanceOf(IOException.class).hasMessageContaining("the authority refuses")
                    .hasMessageContaining("bad.test");
        }
    }

    @Test
    void an_authority_that_is_away_or_not_trusted_is_told() throws Exception {
        PebbleServer pebble = pebble("", Map.of());
        try (pebble) {
            assertThatThrownBy(
                    () -> issue(settings(pebble, Map.of("trust", "")), order("http-01", "ec256", "one.test")))
                    .isInstanceOf(IOException.class).hasMessageContaining("cannot be reached")
                    .hasMessageContaining("certif");
        }
        assertThatThrownBy(() -> issue(settings(pebble, Map.of()), order("http-01", "ec256", "one.test")))
                .isInstanceOf(IOException.class).hasMessageStartingWith(pebble.directory() + " cannot be reached: ")
                .hasMessageNotContaining("Exception");
        assertThatThrownBy(() -> AcmeAuthority.open(settings(pebble, Map.of("trust", "missing.pem")), folder,
                new PrivateFiles(folder), random)).hasMessageContaining("acme.trust")
                .hasMessageContaining("missing.pem");
    }

    private static int asked(PebbleServer pebble) throws IOException {
        return pebble.log().split("POST /order-plz", -1).length - 1;
    }

    private String account() throws IOException {
        try (var files = Files.newDirectoryStream(folder.resolve("acme"), "account-*.pem")) {
            return Files.readString(files.iterator().next());
        }
    }
}
