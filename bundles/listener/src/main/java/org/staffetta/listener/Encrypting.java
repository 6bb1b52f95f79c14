package org.staffetta.listener;

import java.io.IOException;
import java.util.Optional;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.tls.ServerTerms;
import org.staffetta.api.tls.Tls;
import org.staffetta.api.tls.TlsException;
import org.staffetta.api.tls.TlsSession;

/** How one session becomes an encrypted one: by STARTTLS (RFC 3207), or before its greeting. */
final class Encrypting {

    /** To a client that must encrypt and has not (RFC 3207 section 4). */
    static final Reply FIRST = new Reply(530, "5.7.0", "STARTTLS must come first");

    private static final Reply NOT_NOW = new Reply(454, "4.7.0", "TLS is not available now, come back later");

    private final Parts parts;
    private Optional<Tls> agreed = Optional.empty();

    Encrypting(Parts parts) {
        this.parts = parts;
    }

    /** Whether a client is told of STARTTLS now. */
    boolean isOffered(SessionSnapshot session, Settings settings) {
        return !session.encrypted() && switch (settings.encryption().when()) {
            case OPTIONAL -> parts.tls().isPresent();
            case REQUIRED -> true;
            case OFF, IMPLICIT -> false;
        };
    }

    /** Whether the client must encrypt before it goes on. */
    boolean isMissing(SessionSnapshot session, Settings settings) {
        return settings.encryption().when() == Settings.Encrypted.REQUIRED && !session.encrypted();
    }

    /** Whether a message may be given into our hands with REQUIRETLS: only where that has been kept so far (RFC 8689 section 2). */
    boolean protects(SessionSnapshot session, Settings settings) {
        return session.encrypted() && settings.encryption().protection();
    }

    /** To a client that asks for that nevertheless. */
    static Reply unprotected(Settings settings) {
        return settings.encryption().protection()
                ? new Reply(530, "5.7.10", "REQUIRETLS needs an encrypted connection")
                : new Reply(555, "5.5.4", "REQUIRETLS is not offered");
    }

    /** The answer to STARTTLS; if it is positive the handshake comes next. */
    Answer begin(Connection connection, SessionSnapshot session, Settings settings) throws IOException {
        if (session.encrypted()) {
            return Answer.of(503, "5.5.1", "the connection is encrypted already");
        }
        if (!isOffered(session, settings)) {
            return Answer.of(502, "5.5.1", "TLS is not available");
        }
        if (connection.wire().pending()) {
            // somebody between the client and us may have put it there, to be taken for the client's own word later
            return Answer.last(new Reply(554, "5.5.1", "nothing may follow STARTTLS before its answer"));
        }
        agreed = parts.tls(settings.patience());
        return agreed.isPresent() ? Answer.of(220, "2.0.0", "go ahead") : Answer.of(NOT_NOW);
    }

    /** Whether the client was told to go ahead. */
    boolean isAgreed() {
        return agreed.isPresent();
    }

    /**
     * The handshake.
     *
     * @throws TlsException if it fails, or there is nobody to do it; then the connection is of no more use
     */
    TlsSession shakeHands(Connection connection, Settings settings) throws TlsException {
        Tls tls = agreed.or(() -> parts.tls(settings.patience()))
                .orElseThrow(() -> new TlsException("there is no TLS at the moment"));
        agreed = Optional.empty();
        return connection.encrypt(tls, new ServerTerms(settings.encryption().tickets()), settings.times().command());
    }
}
