package org.staffetta.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.staffetta.api.auth.Decision.Denied;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.mail.Address;
import org.staffetta.api.session.Session;

/** Whatever a stranger says to PLAIN and LOGIN, he hears one of two replies, and nothing breaks. */
class PlainMessageTest {

    private static final Hashing HASHING = new Hashing(1, 64, Duration.ofSeconds(20));
    private static final Credentials NOBODY = new Credentials() {

        @Override
        public Optional<Secret> secret(Address address) {
            return Optional.empty();
        }

        @Override
        public Optional<PasswordHash> any(int number) {
            return Optional.empty();
        }
    };

    @Property(tries = 1000)
    void plain(@ForAll("messages") byte[] message) throws IOException {
        assertThat(new Login(HASHING, 1).authenticate(new Saying("PLAIN", message), NOBODY)).isInstanceOfSatisfying(
                Denied.class, denied -> assertThat(denied.reply().code()).isIn(501, 535));
    }

    @Property(tries = 1000)
    void login(@ForAll("messages") byte[] message) throws IOException {
        assertThat(new Login(HASHING, 1).authenticate(new Saying("LOGIN", message), NOBODY)).isInstanceOfSatisfying(
                Denied.class, denied -> assertThat(denied.reply().code()).isIn(501, 535));
    }

    @Provide
    Arbitrary<byte[]> messages() {
        Arbitrary<byte[]> built = Arbitraries
                .of("\0", "alice@d.test", "@", "\"", "secret", "ü", "\u2003", "", "<>", "..")
                .list().ofMaxSize(9).map(list -> String.join("", list).getBytes(UTF_8));
        return Arbitraries.oneOf(built, Arbitraries.bytes().array(byte[].class).ofMaxSize(300));
    }

    private record Saying(String mechanism, byte[] message) implements Dialogue {

        @Override
        public Session session() {
            throw new UnsupportedOperationException("not needed");
        }

        @Override
        public byte[] first() {
            return message.clone();
        }

        @Override
        public byte[] ask(byte[] challenge) {
            return message.clone();
        }
    }
}
