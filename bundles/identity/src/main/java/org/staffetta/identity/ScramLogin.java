package org.staffetta.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.auth.Decision.Denied;
import org.staffetta.api.auth.Decision.Granted;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.mail.Reply;

/**
 * Leads SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677): the client proves that it knows the password, and the server that it knows it too; with
 * PLUS, also that there is nobody in between. For names that are not there, or whose password is kept in another form, it goes the same way to the
 * same denial.
 */
public final class ScramLogin {

    /** The names of the mechanisms. */
    public static final String PLAIN_CHANNEL = "SCRAM-SHA-256";
    /** The one with channel binding. */
    public static final String BOUND = "SCRAM-SHA-256-PLUS";

    private static final Decision DENIED = new Denied(new Reply(535, "5.7.8", "authentication credentials invalid"));
    private static final Decision MALFORMED = new Denied(
            new Reply(501, "5.5.2", "that is no such message of this mechanism"));
    private static final int NONCE = 24;

    private final SecureRandom random;
    private final byte[] secret;

    /**
     * Makes a login.
     *
     * @param secret decides what unknown names are shown
     */
    public ScramLogin(SecureRandom random, int secret) {
        this.random = random;
        this.secret = Integer.toHexString(secret).getBytes(US_ASCII);
    }

    /**
     * Leads the dialogue to its end.
     *
     * @throws IOException as {@link org.staffetta.api.auth.Authenticator#authenticate}
     */
    public Decision authenticate(Dialogue dialogue, Credentials credentials) throws IOException {
        Optional<ScramMessages.First> first = ScramMessages.first(dialogue.first());
        return first.isPresent() ? lead(dialogue, first.get(), credentials) : MALFORMED;
    }

    private Decision lead(Dialogue dialogue, ScramMessages.First first, Credentials credentials) throws IOException {
        AuthName name = AuthName.of(first.name());
        dialogue.claims(name.text());
        Optional<byte[]> bound = bound(dialogue, first);
        if (bound.isEmpty()) {
            return DENIED;
        }
        Optional<Credentials.Secret> known = known(name, credentials);
        ScramSecret keys = known.map(Credentials.Secret::hash).map(ScramSecret.class::cast)
                .orElseGet(() -> ScramSecret.nobody(secret, name.text()));
        String nonce = first.nonce() + nonce();
        String serverFirst = "r=" + nonce + "," + keys.terms();
        Optional<ScramMessages.Final> last = ScramMessages.last(dialogue.ask(serverFirst.getBytes(UTF_8)));
        if (last.isEmpty()) {
            return MALFORMED;
        }
        byte[] authMessage = (first.bare() + "," + serverFirst + "," + last.get().unproved()).getBytes(UTF_8);
        boolean proved = keys.isProof(last.get().proof(), authMessage) & last.get().nonce().equals(nonce)
                & MessageDigest.isEqual(last.get().binding(), bound.get());
        if (!proved || known.isEmpty() || !isHimself(first, known.get(), credentials)) {
            return DENIED;
        }
        dialogue.ask(("v=" + Base64.getEncoder().encodeToString(keys.serverSignature(authMessage))).getBytes(US_ASCII));
        return new Granted(known.get().account());
    }

    /** What the client must show of the channel in its last message; empty if it does not fit the mechanism (RFC 5802 section 6). */
    private static Optional<byte[]> bound(Dialogue dialogue, ScramMessages.First first) {
        byte[] header = first.header().getBytes(UTF_8);
        if (!dialogue.mechanism().equals(BOUND)) {
            // "y": the client could have bound, and did not see that we can. Somebody may have taken that out of our offer
            boolean downgraded = first.flag() == 'y' && dialogue.session().tls().isPresent();
            return first.flag() == 'p' || downgraded ? Optional.empty() : Optional.of(header);
        }
        Optional<byte[]> data = first.flag() == 'p'
                ? dialogue.session().tls().flatMap(tls -> tls.channelBinding(first.binding()))
                : Optional.empty();
        return data.map(binding -> joined(header, binding));
    }

    private static byte[] joined(byte[] header, byte[] binding) {
        byte[] all = Arrays.copyOf(header, header.length + binding.length);
        System.arraycopy(binding, 0, all, header.length, binding.length);
        return all;
    }

    private static Optional<Credentials.Secret> known(AuthName name, Credentials credentials) throws IOException {
        return Login.secret(name, credentials).filter(one -> one.hash() instanceof ScramSecret);
    }

    // nobody acts for another
    private static boolean isHimself(ScramMessages.First first, Credentials.Secret known, Credentials credentials)
            throws IOException {
        return first.authorized().isEmpty() || Login.secret(AuthName.of(first.authorized()), credentials)
                .filter(one -> one.account().equals(known.account())).isPresent();
    }

    private String nonce() {
        byte[] octets = new byte[NONCE];
        random.nextBytes(octets);
        return Base64.getEncoder().encodeToString(octets);
    }
}
