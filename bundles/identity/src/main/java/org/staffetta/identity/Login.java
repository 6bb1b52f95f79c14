package org.staffetta.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.auth.Decision.Denied;
import org.staffetta.api.auth.Decision.Granted;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Reply;

/** Leads PLAIN and LOGIN. Neither a name nor a password gets into an exception. */
public final class Login {

    private static final Decision DENIED = new Denied(new Reply(535, "5.7.8", "authentication credentials invalid"));
    private static final Decision MALFORMED = new Denied(
            new Reply(501, "5.5.2", "that is no such message of this mechanism"));
    private static final Decision UNKNOWN = new Denied(new Reply(504, "5.5.4", "no such mechanism"));

    private final Hashing hashing;
    private final int secret;

    /**
     * Makes a login.
     *
     * @param secret decides whose hash an unknown name is checked against
     */
    public Login(Hashing hashing, int secret) {
        this.hashing = hashing;
        this.secret = secret;
    }

    /**
     * Leads the dialogue to its end.
     *
     * @throws IOException as {@link org.staffetta.api.auth.Authenticator#authenticate}
     */
    public Decision authenticate(Dialogue dialogue, Credentials credentials) throws IOException {
        return switch (dialogue.mechanism()) {
            case "PLAIN" -> plain(dialogue, credentials);
            case "LOGIN" -> login(dialogue, credentials);
            default -> UNKNOWN;
        };
    }

    // [authzid] NUL authcid NUL passwd (RFC 4616 section 2)
    private Decision plain(Dialogue dialogue, Credentials credentials) throws IOException {
        byte[] message = dialogue.first();
        try {
            int first = indexOfNul(message, 0);
            int second = indexOfNul(message, first + 1);
            if (first < 0 || second < 0 || indexOfNul(message, second + 1) >= 0) {
                return MALFORMED;
            }
            String authorized = text(message, 0, first);
            AuthName name = AuthName.of(text(message, first + 1, second));
            byte[] password = prepare(text(message, second + 1, message.length));
            dialogue.claims(name.text());
            return check(authorized, name, password, credentials);
        } catch (CharacterCodingException notUtf8) {
            return MALFORMED;
        } finally {
            Arrays.fill(message, (byte) 0);
        }
    }

    private Decision login(Dialogue dialogue, Credentials credentials) throws IOException {
        byte[] octets = dialogue.first("Username:".getBytes(UTF_8));
        // what is no text is no name, and is denied later
        AuthName name = AuthName.of(new String(octets, UTF_8));
        dialogue.claims(name.text());
        byte[] answer = dialogue.ask("Password:".getBytes(UTF_8));
        try {
            byte[] password = prepare(text(answer, 0, answer.length));
            return isText(octets) ? check("", name, password, credentials) : MALFORMED;
        } catch (CharacterCodingException notUtf8) {
            return MALFORMED;
        } finally {
            Arrays.fill(answer, (byte) 0);
        }
    }

    private Decision check(String authorized, AuthName name, byte[] password, Credentials credentials)
            throws IOException {
        Optional<Credentials.Secret> login = secret(name, credentials);
        // the same for the same name, so that time tells nothing
        Optional<PasswordHash> hash = login.isPresent()
                ? login.map(Credentials.Secret::hash)
                : credentials.any(Objects.hash(secret, name.text()));
        if (hash.isEmpty()) {
            return DENIED;
        }
        boolean matches = hashing.matches(hash.get(), password);
        // nobody acts for another (RFC 4616 section 2: that is for the server to allow)
        boolean himself = authorized.isEmpty()
                || account(AuthName.of(authorized), credentials).equals(account(name, credentials));
        return login.isPresent() && matches && himself ? new Granted(login.get().account()) : DENIED;
    }

    private static Optional<String> account(AuthName name, Credentials credentials) throws IOException {
        return secret(name, credentials).map(Credentials.Secret::account);
    }

    /** The first of those that the name may mean. All are asked, so that time tells nothing. */
    static Optional<Credentials.Secret> secret(AuthName name, Credentials credentials) throws IOException {
        Optional<Credentials.Secret> found = Optional.empty();
        for (Address candidate : name.candidates()) {
            Optional<Credentials.Secret> secret = credentials.secret(candidate);
            found = found.isPresent() ? found : secret;
        }
        return found;
    }

    /** A password as it is hashed (RFC 8265 section 4.2.2). One that was made with characters that are not allowed now goes on to fit. */
    public static byte[] prepare(String password) {
        return Precis.OPAQUE_STRING.map(password).getBytes(UTF_8);
    }

    /** Whether a password may be made of that: what everybody can type in again (RFC 8265 section 4.2). */
    public static boolean isUsable(String password) {
        return Precis.OPAQUE_STRING.enforce(password).isPresent();
    }

    private static boolean isText(byte[] octets) {
        try {
            text(octets, 0, octets.length);
            return true;
        } catch (CharacterCodingException notUtf8) {
            return false;
        }
    }

    private static String text(byte[] octets, int from, int to) throws CharacterCodingException {
        return UTF_8.newDecoder().decode(ByteBuffer.wrap(octets, from, to - from)).toString();
    }

    private static int indexOfNul(byte[] octets, int from) {
        for (int i = from; i < octets.length; i++) {
            if (octets[i] == 0) {
                return i;
            }
        }
        return -1;
    }
}
