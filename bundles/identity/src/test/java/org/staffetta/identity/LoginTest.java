package org.staffetta.identity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.auth.Decision.Denied;
import org.staffetta.api.auth.Decision.Granted;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.mail.Address;
import org.staffetta.api.session.Session;

@Timeout(30)
class LoginTest {

    private static final Map<String, PasswordHash> PASSWORDS = Map.of("alice@d.test",
            hash(PasswordHashTest.SMALL_ARGON2),
            "carl@d.test", hash(PasswordHashTest.SMALL_SCRYPT), "ｃａｒｌ@d.test", hash(PasswordHashTest.SMALL_ARGON2),
            "💚@d.test", hash(PasswordHashTest.SMALL_ARGON2), "grün@d.test",
            hash("$argon2id$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$ARRhgAhqYTeOdxFXjWP/Xjn2AUpR4lkkCUCEVXjclDQ"));

    private final Hashing hashing = new Hashing(2, 1 << 16, Duration.ofSeconds(10));
    private final Credentials table = new Credentials() {

        @Override
        public Optional<Secret> secret(Address address) {
            String domain = Names.domain(address.domain()).replace("d.example", "d.test");
            String account = Names.localPart(address.localPart()) + "@" + domain;
            return Optional.ofNullable(PASSWORDS.get(account)).map(hash -> new Secret(account, hash));
        }

        @Override
        public Optional<PasswordHash> any(int number) {
            return Optional.of(hash(PasswordHashTest.SMALL_ARGON2));
        }
    };

    private static PasswordHash hash(String text) {
        return PasswordHash.parse(text, 1 << 16);
    }

    @AfterEach
    void stop() {
        hashing.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"|alice@d.test|wonderland", "alice@d.test|alice@d.test|wonderland",
            "|ALICE@D.Test|wonderland",
            "ALICE@d.test|alice@d.test|wonderland", "|alice@d.example|wonderland", "|ａｌｉｃｅ@d.test|wonderland",
            "ａlice@d.test|Alice@d.test|wonderland"})
    void plain_grants_with_name_and_password(String message) throws IOException {
        assertThat(plain(message)).isEqualTo(new Granted("alice@d.test"));
    }

    @Test
    void a_password_in_another_unicode_form_is_the_same() throws IOException {
        assertThat(plain("|grün@d.test|grün ist die Hoffnung")).isEqualTo(new Granted("grün@d.test"));
        assertThat(plain("|gru\u0308n@d.test|gru\u0308n\u00a0ist die\u2003Hoffnung"))
                .isEqualTo(new Granted("grün@d.test"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ｃａｒｌ@d.test", "💚@d.test"})
    void a_name_that_would_not_be_given_out_any_more_goes_on_to_work(String name) throws IOException {
        assertThat(plain("|" + name + "|wonderland")).isEqualTo(new Granted(name));
    }

    @ParameterizedTest
    @CsvSource({"alice@d.test, alice@d.test", "ALICE@D.Test, alice@d.test", "ＡＬＩＣＥ@D.test, alice@d.test",
            "Gru\u0308n@d.test, grün@d.test", "\"alice\"@d.test, alice@d.test", "\"al\\ic\\e\"@d.test, alice@d.test"})
    void names_that_mean_the_same_are_claimed_as_one(String name, String claimed) throws IOException {
        for (String mechanism : List.of("PLAIN", "LOGIN")) {
            byte[] first = (mechanism.equals("PLAIN") ? "\0" + name + "\0guess" : name).getBytes(UTF_8);
            Script script = new Script(mechanism, first, "guess".getBytes(UTF_8));
            new Login(hashing, 1).authenticate(script, table);

            assertThat(script.claimed).containsExactly(claimed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\0b", "a\u200bb", "a\tb"})
    void not_every_text_makes_a_new_password(String text) {
        assertThat(Login.isUsable(text)).isFalse();
        assertThat(Login.isUsable("grün ist die Hoffnung 💚")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"|alice@d.test|Wonderland", "|alice@d.test|", "|alice@d.test|wonderland ", "||wonderland",
            "|nobody@d.test|wonderland", "|nopass@d.test|wonderland", "|info@d.test|wonderland",
            "|alice+x@d.test|wonderland",
            "|alice|wonderland", "|alice@other.test|wonderland", "carl@d.test|alice@d.test|wonderland",
            "nobody@d.test|alice@d.test|wonderland", "x|alice@d.test|wonderland", "|carl@d.test|password"})
    void everything_else_is_denied_with_one_and_the_same_reply(String message) throws IOException {
        assertThat(plain(message)).isInstanceOfSatisfying(Denied.class,
                denied -> assertThat(denied.reply()).hasToString("535 5.7.8 authentication credentials invalid"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "alice@d.test", "|alice@d.test", "alice@d.test|wonderland", "|alice@d.test|wonderland|",
            "|||", "|alice@d.test|wonder\u00ff"})
    void a_message_of_another_form_is_refused(String message) throws IOException {
        Decision decision = new Login(hashing, 1).authenticate(
                new Script("PLAIN", message.replace('|', '\0').getBytes(ISO_8859_1)), table);

        assertThat(decision).isInstanceOfSatisfying(Denied.class,
                denied -> assertThat(denied.reply().toString()).startsWith("501 5.5.2"));
    }

    @Test
    void login_asks_for_name_and_password() throws IOException {
        Script script = new Script("LOGIN", "alice@d.test".getBytes(UTF_8), "wonderland".getBytes(UTF_8));

        assertThat(new Login(hashing, 1).authenticate(script, table)).isEqualTo(new Granted("alice@d.test"));
        assertThat(script.challenges).containsExactly("Username:", "Password:");
        assertThat(new Login(hashing, 1).authenticate(
                new Script("LOGIN", "alice@d.test".getBytes(UTF_8), "wonder".getBytes(UTF_8)), table))
                .isInstanceOf(Denied.class);
    }

    @Test
    void a_client_that_goes_away_ends_the_login() {
        assertThatThrownBy(() -> new Login(hashing, 1)
                .authenticate(new Script("LOGIN", "alice@d.test".getBytes(UTF_8)), table)).hasMessage("cancelled");
    }

    @ParameterizedTest
    @ValueSource(strings = {"|nobody@d.test|wonderland", "|nopass@d.test|wonderland", "|no address|wonderland"})
    void an_unknown_name_takes_a_hash_as_well(String message) throws Exception {
        try (Hashing busy = new Hashing(1, 64, Duration.ofMillis(50))) {
            CountDownLatch release = new CountDownLatch(1);
            assertThatThrownBy(() -> busy.run(64, () -> release.await(1, TimeUnit.MINUTES)))
                    .hasMessage("too many logins at once");

            Script script = new Script("PLAIN", message.replace('|', '\0').getBytes(UTF_8));
            assertThatThrownBy(() -> new Login(busy, 1).authenticate(script, table))
                    .hasMessage("too many logins at once");
            release.countDown();
        }
    }

    @Test
    void the_octets_of_a_password_are_wiped() throws IOException {
        byte[] message = "\0alice@d.test\0wonderland".getBytes(UTF_8);
        byte[] password = "wonderland".getBytes(UTF_8);

        new Login(hashing, 1).authenticate(new Script("PLAIN", message), table);
        hashing.matches(PasswordHash.parse(PasswordHashTest.SMALL_ARGON2, 64), password);

        assertThat(message).containsOnly(0);
        assertThat(password).containsOnly(0);
    }

    @Test
    void no_more_hashes_are_computed_at_once_than_there_is_memory_for() throws Exception {
        try (Hashing tight = new Hashing(4, 150, Duration.ofSeconds(20));
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicInteger running = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            Semaphore gate = new Semaphore(0);
            List<Future<Boolean>> answers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                answers.add(clients.submit(() -> tight.run(64, () -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    gate.acquire();
                    running.decrementAndGet();
                    return true;
                })));
            }
            await().until(() -> running.get() == 2);
            gate.release(6);

            for (Future<Boolean> answer : answers) {
                assertThat(answer.get()).isTrue();
            }
            assertThat(most).hasValue(2);
        }
    }

    private Decision plain(String message) throws IOException {
        return new Login(hashing, 1).authenticate(new Script("PLAIN", message.replace('|', '\0').getBytes(UTF_8)),
                table);
    }

    private static final class Script implements Dialogue {

        private final String mechanism;
        private final Iterator<byte[]> answers;
        private final List<String> challenges = new ArrayList<>();
        private final List<String> claimed = new ArrayList<>();

        Script(String mechanism, byte[]... answers) {
            this.mechanism = mechanism;
            this.answers = List.of(answers).iterator();
        }

        @Override
        public String mechanism() {
            return mechanism;
        }

        @Override
        public Session session() {
            throw new UnsupportedOperationException("not needed");
        }

        @Override
        public void claims(String name) {
            claimed.add(name);
        }

        @Override
        public byte[] first() throws IOException {
            return first(new byte[0]);
        }

        @Override
        public byte[] first(byte[] challenge) throws IOException {
            return ask(challenge);
        }

        @Override
        public byte[] ask(byte[] challenge) throws IOException {
            challenges.add(new String(challenge, UTF_8));
            if (!answers.hasNext()) {
                throw new IOException("cancelled");
            }
            return answers.next();
        }
    }
}
