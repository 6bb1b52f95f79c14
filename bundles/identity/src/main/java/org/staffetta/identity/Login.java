package org.staffetta.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.auth.Decision.Granted;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.mail.Address;

/** Leads PLAIN and LOGIN with passwords of which we have the hashes. Neither a name nor a password gets into an exception. */
public final class Login {

    private static final Decision DENIED = PasswordDialogue.DENIED;

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
        return PasswordDialogue.lead(dialogue,
                (authorized, name, password) -> check(authorized, AuthName.of(name), password, credentials));
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
}
