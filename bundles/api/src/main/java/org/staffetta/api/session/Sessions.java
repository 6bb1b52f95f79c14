package org.staffetta.api.session;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** The connections of one listener at this moment. One service for each listener. May be called from any thread. */
@ProviderType
public interface Sessions {

    /** The configured name of the listener. */
    String listener();

    /** The address and port the listener is bound to, e.g. {@code 127.0.0.1:2525}. */
    String address();

    /**
     * How logins have ended since the server's start, by mechanism: how many were {@code ok} or {@code denied}, could not be checked
     * ({@code unknown}), or were given up ({@code ended}); under {@code any}, those that nobody looked at because the address is {@code locked}.
     */
    default Map<String, Map<String, Long>> logins() {
        return Map.of();
    }

    /** A snapshot of all open connections, oldest first. */
    List<Active> active();

    /** An open connection. */
    @ProviderType
    interface Active {

        /** What is known of the client. */
        Session session();

        /** When the connection was accepted. */
        Instant since();

        /** The last command's verb, e.g. {@code RCPT}; empty before the first. */
        String command();

        /** Messages accepted on this connection. */
        int messages();
    }
}
