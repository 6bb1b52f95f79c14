package org.staffetta.listener;

import java.net.InetSocketAddress;
import org.staffetta.api.session.Session;

/** What is known of a client at one moment. */
record SessionSnapshot(String id, String listener, InetSocketAddress client, InetSocketAddress local, String helo,
        boolean extended, boolean trusted, boolean encrypted, String account) implements Session {

    SessionSnapshot greeted(String name, boolean byEhlo) {
        return new SessionSnapshot(id, listener, client, local, name, byEhlo, trusted, encrypted, account);
    }

    SessionSnapshot authenticated(String as) {
        return new SessionSnapshot(id, listener, client, local, helo, extended, trusted, encrypted, as);
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
        return (utf8 ? "UTF8SMTP" : "ESMTP") + (encrypted ? "S" : "") + (account.isEmpty() ? "" : "A");
    }
}
