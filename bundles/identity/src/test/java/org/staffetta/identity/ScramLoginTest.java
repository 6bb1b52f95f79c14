package org.staffetta.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.auth.Decision.Denied;
import org.staffetta.api.auth.Decision.Granted;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.mail.Address;
import org.staffetta.api.session.Session;
import org.staffetta.api.tls.TlsSession;

class ScramLoginTest {

    private static final byte[] CHANNEL = "the channel".getBytes(US_ASCII);
    private static final byte[] SALT = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
    private static final PasswordHash SECRET = ScramSecret.of("pencil".getBytes(UTF_8), SALT, 4096);

    private final Credentials people = new Credentials() {

        private final Map<String, PasswordHash> passwords = Map.of("alice@d.test", SECRET, "eve,=@d.test", SECRET,
                "argon@d.test", PasswordHash.parse(PasswordHashTest.SMALL_ARGON2, 1 << 16));

        @Override
        public Optional<Secret> secret(Address address) {
            String name = address.toString().replace("\"", "");
            return Optional.ofNullable(passwords.get(name)).map(hash -> new Secret(name, hash));
        }

        @Override
        public Optional<PasswordHash> any(int number) {
            return Optional.of(SECRET);
        }
    };
    private final ScramLogin login = new ScramLogin(new SecureRandom(), 1);

    @Test
    void the_example_of_rfc_7677() {
        byte[] message = ("n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")
                .getBytes(UTF_8);
        ScramSecret secret = (ScramSecret) SECRET;
        assertThat(secret.isProof(Base64.getDecoder().decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="), message))
                .isTrue();
        assertThat(Base64.getEncoder().encodeToString(secret.serverSignature(message)))
                .isEqualTo("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        assertThat(secret.terms()).isEqualTo("s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    }

    @ParameterizedTest
    @CsvSource({"SCRAM-SHA-256,'n,,'", "SCRAM-SHA-256,'n,a=alice@d.test,'",
            "SCRAM-SHA-256-PLUS,'p=tls-exporter,,'", "SCRAM-SHA-256-PLUS,'p=tls-server-end-point,a=alice@d.test,'"})
    void who_knows_the_password_is_granted_and_told_that_we_know_it_too(String mechanism, String header)
            throws IOException {
        Client client = new Client(mechanism, header, "alice@d.test", "pencil");
        assertThat(login.authenticate(client, people)).isEqualTo(new Granted("alice@d.test"));
        assertThat(client.serverProved).isTrue();
        assertThat(client.claimed).isEqualTo("alice@d.test");
    }

    @Test
    void a_name_in_wide_letters_is_the_same_and_is_shown_the_same() throws IOException {
        Client client = new Client("SCRAM-SHA-256", "n,a=ａｌｉｃｅ@d.test,", "Ａｌｉｃｅ@d.test", "pencil");
        assertThat(login.authenticate(client, people)).isEqualTo(new Granted("alice@d.test"));
        assertThat(client.claimed).isEqualTo("alice@d.test");
        Client unknown = new Client("SCRAM-SHA-256", "n,,", "ｎｏｂｏｄｙ@d.test", "pencil");
        Client same = new Client("SCRAM-SHA-256", "n,,", "nobody@D.test", "pencil");
        login.authenticate(unknown, people);
        login.authenticate(same, people);
        assertThat(unknown.serverFirst.split(",", -1)[1]).isEqualTo(same.serverFirst.split(",", -1)[1]);
    }

    @Test
    void a_name_with_comma_and_equals_sign() throws IOException {
        Client client = new Client("SCRAM-SHA-256", "n,,", "\"eve=2C=3D\"@d.test", "pencil");
        assertThat(login.authenticate(client, people)).isEqualTo(new Granted("eve,=@d.test"));
    }

    @ParameterizedTest
    @CsvSource({"SCRAM-SHA-256,'n,,',alice@d.test,Pencil", "SCRAM-SHA-256,'n,,',nobody@d.test,pencil",
            "SCRAM-SHA-256,'n,,',argon@d.test,pencil", "SCRAM-SHA-256,'n,,',alice,pencil",
            "SCRAM-SHA-256,'n,a=nobody@d.test,',alice@d.test,pencil",
            // the client could bind and does not know that we can: somebody has changed our offer
            "SCRAM-SHA-256,'y,,',alice@d.test,pencil", "SCRAM-SHA-256,'p=tls-exporter,,',alice@d.test,pencil",
            "SCRAM-SHA-256-PLUS,'n,,',alice@d.test,pencil", "SCRAM-SHA-256-PLUS,'y,,',alice@d.test,pencil",
            "SCRAM-SHA-256-PLUS,'p=tls-unique,,',alice@d.test,pencil"})
    void everybody_else_is_denied(String mechanism, String header, String name, String password) throws IOException {
        assertThat(login.authenticate(new Client(mechanism, header, name, password), people))
                .isInstanceOfSatisfying(Denied.class,
                        denied -> assertThat(denied.reply())
                                .hasToString("535 5.7.8 authentication credentials invalid"));
    }

    @Test
    void who_is_bound_to_another_channel_has_somebody_in_between() throws IOException {
        Client client = new Client("SCRAM-SHA-256-PLUS", "p=tls-exporter,,", "alice@d.test", "pencil");
        client.channel = "another".getBytes(US_ASCII);
        assertThat(login.authenticate(client, people)).isInstanceOf(Denied.class);
    }

    @Test
    void an_unknown_name_is_shown_the_same_salt_each_time_and_others_another() throws IOException {
        List<String> shown = new ArrayList<>();
        for (String name : List.of("x@d.test", "X@d.test", "y@d.test", "argon@d.test")) {
            Client client = new Client("SCRAM-SHA-256", "n,,", name, "pencil");
            login.authenticate(client, people);
            shown.add(client.serverFirst.substring(client.serverFirst.indexOf(",s=")));
        }
        assertThat(shown.get(0)).isEqualTo(shown.get(1)).isNotEqualTo(shown.get(2)).endsWith(",i=65536");
    }

    @Test
    void a_proof_holds_for_its_own_dialogue_only() throws IOException {
        Client first = new Client("SCRAM-SHA-256", "n,,", "alice@d.test", "pencil");
        login.authenticate(first, people);
        Client replay = new Client("SCRAM-SHA-256", "n,,", "alice@d.test", "pencil");
        replay.repeated = first.clientFinal;
        assertThat(login.authenticate(replay, people)).isInstanceOf(Denied.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "n,,", "n,,n=a", "n,,r=a,n=a", "z,,n=a,r=b", "n,,m=x,n=a,r=b", "n,,n=a=b,r=c",
            "n,,n=,r=b", "n,,n=a,r=", "p=,,n=a,r=b", "n,a=,n=a,r=b", "n,,n=a\0,r=b"})
    void what_is_no_first_message_is_refused(String message) throws IOException {
        Client client = new Client("SCRAM-SHA-256", "n,,", "alice@d.test", "pencil");
        client.first = message.getBytes(UTF_8);
        assertThat(login.authenticate(client, people)).isInstanceOfSatisfying(Denied.class,
                denied -> assertThat(denied.reply().code()).isEqualTo(501));
    }

    @Property(tries = 300)
    void whatever_a_stranger_says_he_is_not_granted(@ForAll("messages") byte[] first, @ForAll("messages") byte[] last)
            throws IOException {
        Client client = new Client("SCRAM-SHA-256", "n,,", "alice@d.test", "wrong");
        client.first = first;
        client.repeated = last;
        assertThat(login.authenticate(client, people)).isInstanceOf(Denied.class);
    }

    @Provide
    Arbitrary<byte[]> messages() {
        Arbitrary<String> pieces = Arbitraries.of("n,,", "p=tls-exporter,,", "n=", "alice@d.test", ",r=", "abc",
                ",c=biws",
                ",p=", "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "=2C", "=", ",", "\0", "ü", "m=x,", "c=");
        Arbitrary<byte[]> built = pieces.list().ofMaxSize(12).map(list -> String.join("", list).getBytes(UTF_8));
        return Arbitraries.oneOf(built, Arbitraries.bytes().array(byte[].class).ofMaxSize(200));
    }

    @Test
    void a_secret_is_read_as_it_was_made_and_fits_other_mechanisms() {
        String text = PasswordHash.makeScram(Login.prepare("wonder land"), new SecureRandom());
        assertThat(text).matches("SCRAM-SHA-256\\$65536:[^$]+\\$[^:]+:.+");
        PasswordHash read = PasswordHash.parse(text, 1 << 16);
        assertThat(read.matches(Login.prepare("wonder\u00a0land"))).isTrue();
        assertThat(read.matches(Login.prepare("wonderland"))).isFalse();
        assertThat(read).hasToString("SCRAM-SHA-256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCRAM-SHA-1$4096:W22ZaJ0SNY7soEsUEjb6gQ==$a:b",
            "SCRAM-SHA-256$1000:W22ZaJ0SNY7soEsUEjb6gQ=="
                    + "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "SCRAM-"})
    void another_form_is_refused_and_not_repeated(String text) {
        assertThatThrownBy(() -> PasswordHash.parse(text, 1 << 16)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SCRAM-SHA-256").message().doesNotContain("W22Z");
    }

    /** Does what RFC 5802 section 3 says of the client, with variations. */
    private static final class Client implements Dialogue {

        private final String mechanism;
        private final String header;
        private final String bare;
        private final byte[] password;
        private byte[] first;
        private byte[] channel = CHANNEL;
        private Optional<byte[]> none = Optional.empty();
        private byte[] repeated = {};
        private byte[] clientFinal = {};
        private String serverFirst = "";
        private String expected = "";
        private String claimed = "";
        private boolean serverProved;

        Client(String mechanism, String header, String name, String password) {
            this.mechanism = mechanism;
            this.header = header;
            this.bare = "n=" + name + ",r=abcDEF";
            this.first = (header + bare).getBytes(UTF_8);
            this.password = password.getBytes(UTF_8);
        }

        @Override
        public String mechanism() {
            return mechanism;
        }

        @Override
        public void claims(String name) {
            claimed = name;
        }

        @Override
        public Session session() {
            TlsSession tls = (TlsSession) Proxy.newProxyInstance(getClass().getClassLoader(),
                    new Class<?>[]{TlsSession.class}, (_, _, arguments) -> arguments[0].toString().equals("tls-unique")
                            ? none
                            : Optional.of(CHANNEL));
            return (Session) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[]{Session.class},
                    (_, _, _) -> Optional.of(tls));
        }

        @Override
        public byte[] first() {
            return first;
        }

        @Override
        public byte[] ask(byte[] challenge) {
            String said = new String(challenge, UTF_8);
            if (said.startsWith("v=")) {
                serverProved = said.equals("v=" + expected);
                return new byte[0];
            }
            serverFirst = said;
            clientFinal = repeated.length > 0 ? repeated : prove();
            return clientFinal;
        }

        private byte[] prove() {
            String[] parts = serverFirst.split(",", -1);
            byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
            ScramSecret secret = ScramSecret.of(password, salt, Integer.parseInt(parts[2].substring(2)));
            byte[] bound = header.startsWith("p") ? joined(header.getBytes(UTF_8), channel) : header.getBytes(UTF_8);
            String unproved = "c=" + Base64.getEncoder().encodeToString(bound) + "," + parts[0];
            byte[] message = (bare + "," + serverFirst + "," + unproved).getBytes(UTF_8);
            expected = Base64.getEncoder().encodeToString(secret.serverSignature(message));
            return (unproved + ",p="
                    + Base64.getEncoder()
                            .encodeToString(proof(password, salt, Integer.parseInt(parts[2].substring(2)), message)))
                    .getBytes(UTF_8);
        }

        // ClientKey XOR HMAC(StoredKey, AuthMessage), computed by means of the Java VM's own PBKDF2
        private static byte[] proof(byte[] password, byte[] salt, int iterations, byte[] message) {
            try {
                char[] characters = new String(password, UTF_8).toCharArray();
                byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                        .generateSecret(new PBEKeySpec(characters, salt, iterations, 256)).getEncoded();
                byte[] clientKey = ScramSecret.hmac(salted, "Client Key".getBytes(US_ASCII));
                byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
                byte[] signature = ScramSecret.hmac(storedKey, message);
                for (int i = 0; i < clientKey.length; i++) {
                    clientKey[i] ^= signature[i];
                }
                return clientKey;
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        private static byte[] joined(byte[] header, byte[] more) {
            byte[] all = Arrays.copyOf(header, header.length + more.length);
            System.arraycopy(more, 0, all, header.length, more.length);
            return all;
        }
    }
}
