package org.staffetta.identity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.mail.Address;
import org.staffetta.api.session.Session;

/** What strangers say to prove who they are: it proves nothing but to whom the password belongs, and what is understood is what was said. */
class SaslFuzzTest {

    private static final String ALICE = "alice@d.test";
    private static final String PASSWORD = "wonderland";
    private static final PasswordHash HASH = ScramSecret.of(PASSWORD.getBytes(UTF_8), new byte[16], 1);

    // its thread is a daemon, and ends with the tests
    private static final Hashing HASHING = new Hashing(1, 1 << 16, Duration.ofSeconds(10));

    private final Credentials people = new Credentials() {
        @Override
        public Optional<Secret> secret(Address address) {
            return Optional.of(address.toString()).filter(ALICE::equalsIgnoreCase).map(_ -> new Secret(ALICE, HASH));
        }

        @Override
        public Optional<PasswordHash> any(int number) {
            return Optional.of(HASH);
        }
    };

    /** The input is a message of PLAIN. */
    @FuzzTest
    void plain_grants_to_alice_with_her_password_and_to_nobody_else(byte[] octets) throws IOException {
        Decision decision = decide("PLAIN", octets);
        String[] fields = new String(octets, ISO_8859_1).split("\0", -1);
        boolean right = fields.length == 3 && (fields[0].isEmpty() || isAlice(fields[0])) && isAlice(fields[1])
                && Arrays.equals(Login.prepare(new String(fields[2].getBytes(ISO_8859_1), UTF_8)),
                        PASSWORD.getBytes(UTF_8));
        requireRight(decision, right);
    }

    /** The input is a name, and behind the first NUL a password. */
    @FuzzTest
    void login_grants_to_alice_with_her_password_and_to_nobody_else(byte[] octets) throws IOException {
        String[] fields = new String(octets, ISO_8859_1).split("\0", 2);
        byte[] password = fields.length < 2 ? new byte[0] : fields[1].getBytes(ISO_8859_1);
        boolean right = isAlice(fields[0])
                && Arrays.equals(Login.prepare(new String(password, UTF_8)), PASSWORD.getBytes(UTF_8));
        requireRight(decide("LOGIN", fields[0].getBytes(ISO_8859_1), password), right);
    }

    /** The input are the two messages of SCRAM, with a line end between. */
    @FuzzTest
    void scram_is_understood_as_it_was_said(byte[] octets) throws IOException {
        String[] messages = new String(octets, ISO_8859_1).split("\n", 2);
        byte[] one = messages[0].getBytes(ISO_8859_1);
        byte[] two = messages.length < 2 ? new byte[0] : messages[1].getBytes(ISO_8859_1);
        ScramMessages.first(one).ifPresent(first -> {
            String said = first.header() + first.bare();
            assertThat(said.getBytes(UTF_8)).isEqualTo(one);
            assertThat(first.header()).startsWith(String.valueOf(first.flag())).endsWith(",");
            assertThat(first.bare()).startsWith("n=" + first.name().replace("=", "=3D").replace(",", "=2C") + ",r="
                    + first.nonce());
            assertThat(first.nonce()).matches("[!-+\\--~]{1,256}");
        });
        ScramMessages.last(two).ifPresent(last -> {
            String said = new String(two, UTF_8);
            assertThat(said).startsWith(last.unproved() + ",p=");
            assertThat(last.unproved()).contains(",r=" + last.nonce());
            assertThat(last.proof().length).isLessThanOrEqualTo(150);
        });
        // whoever does not know the nonce of the server can prove nothing
        Decision decision = new ScramLogin(new SecureRandom(), 1).authenticate(new Script("SCRAM-SHA-256", one, two),
                people);
        assertThat(decision).isInstanceOf(Decision.Denied.class);
    }

    /** Each half of an address that was brought into its form stays as it is, and comes to the same from capitals. */
    @FuzzTest
    void a_name_has_one_form(byte[] octets) {
        Address address;
        try {
            address = Address.parse(new String(octets, UTF_8));
        } catch (IllegalArgumentException none) {
            return;
        }
        String domain = Names.domain(address.domain());
        assertThat(Names.domain(domain)).isEqualTo(domain);
        String local = Names.localPart(address.localPart());
        assertThat(Names.localPart(local)).isEqualTo(local);
        assertThat(Names.localPart(upper(address.localPart()))).isEqualTo(local);
        assertThat(Names.domain(upper(address.domain()))).isEqualTo(domain);
    }

    /** A hash is read, or refused with a word that tells nothing of it; and it never takes more memory than there may be. */
    @FuzzTest
    void a_hash_is_bounded_and_never_shown(byte[] octets) {
        String text = new String(octets, ISO_8859_1);
        try {
            PasswordHash hash = PasswordHash.parse(text, 1 << 16);
            assertThat(hash.memory()).isBetween(1, 1 << 16);
            assertThat(hash.toString()).doesNotContain("$");
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotEmpty().hasSizeLessThan(300);
            if (text.length() > 30) {
                assertThat(refused.getMessage()).doesNotContain(text.substring(20));
            }
        }
    }

    private Decision decide(String mechanism, byte[]... messages) throws IOException {
        byte[][] copies = Arrays.stream(messages).map(byte[]::clone).toArray(byte[][]::new);
        return new Login(HASHING, 1).authenticate(new Script(mechanism, copies), people);
    }

    private static void requireRight(Decision decision, boolean right) {
        if (right) {
            assertThat(decision).isEqualTo(new Decision.Granted(ALICE));
        } else {
            assertThat(decision).isInstanceOfSatisfying(Decision.Denied.class,
                    denied -> assertThat(denied.reply().code()).isIn(501, 535));
        }
    }

    private static String upper(String text) {
        StringBuilder upper = new StringBuilder(text);
        for (int i = 0; i < upper.length(); i++) {
            char c = upper.charAt(i);
            upper.setCharAt(i, c >= 'a' && c <= 'z' ? (char) (c - 0x20) : c);
        }
        return upper.toString();
    }

    private static boolean isAlice(String octets) {
        try {
            return Address.parse(new String(octets.getBytes(ISO_8859_1), UTF_8)).toString().equalsIgnoreCase(ALICE);
        } catch (IllegalArgumentException noAddress) {
            return false;
        }
    }

    /** A client that says what it was going to say, whatever it is asked. */
    private static final class Script implements Dialogue {

        private final String mechanism;
        private final Iterator<byte[]> answers;

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
            return (Session) Proxy.newProxyInstance(Session.class.getClassLoader(),
                    new Class<?>[]{Session.class}, (_, _, _) -> Optional.empty());
        }

        @Override
        public byte[] first() throws IOException {
            return ask(new byte[0]);
        }

        @Override
        public byte[] first(byte[] challenge) throws IOException {
            return ask(challenge);
        }

        @Override
        public byte[] ask(byte[] challenge) throws IOException {
            return answers.hasNext() ? answers.next() : new byte[0];
        }
    }
}
