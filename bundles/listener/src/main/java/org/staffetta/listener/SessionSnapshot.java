package org.staffetta.listener;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.staffetta.api.session.Session;
import org.staffetta.api.tls.TlsSession;

/** What is known of a client at one moment. */
record SessionSnapshot(String id, String listener, InetSocketAddress client, InetSocketAddress local, String helo,
        boolean extended, boolean trusted, Optional<TlsSession> tls, String account) implements Session {

    SessionSnapshot greeted(String name, boolean byEhlo) {
        return new SessionSnapshot(id, listener, client, local, name, byEhlo, trusted, tls, account);
    }

    SessionSnapshot authenticated(String as) {
        return new SessionSnapshot(id, listener, client, local, helo, extended, trusted, tls, as);
    }

    /** Encrypted. What the client said of itself before may have been said by somebody else, and is forgotten (RFC 3207 section 4.2). */
    SessionSnapshot encrypted(TlsSession by) {
        return new SessionSnapshot(id, listener, client, local, "", false, trusted, Optional.of(by), "");
    }

    @Override
    public boolean encrypted() {
        return tls.isPresent();
    }

    /** Version and cipher suite; empty if it is not encrypted. */
    String encryption() {
        return tls.map(by -> by.protocol() + " " + by.cipher()).orElse("");
    }

    /** Whether the client may send to domains that are not ours. */
    boolean mayRelay() {
        return trusted || !account.isEmpty();
    }

    /** The client's address alone, without its port. */
    String clientAddress() {
        return client.getAddress().getHostAddress();
    }

    /** The protocol as Received fields name it (RFC 3848, RFC 6531 section 4.3). */
    String protocol(boolean utf8) {
        if (!extended) {
            return "SMTP";
        }
        return (utf8 ? "UTF8SMTP" : "ESMTP") + (encrypted() ? "S" : "") + (account.isEmpty() ? "" : "A");
    }
}
