package org.staffetta.api.auth;

import java.io.IOException;
import org.osgi.annotation.versioning.ProviderType;
import org.staffetta.api.session.Session;

/** The client's side of an AUTH command (RFC 4954 section 4). For one thread. */
@ProviderType
public interface Dialogue {

    /** The mechanism that the client chose, in upper case. */
    String mechanism();

    /** The session as it stands. */
    Session session();

    /**
     * The client's first response if it came with the command; otherwise asks for it with an empty challenge.
     *
     * @throws IOException if the client cancels, answers with what is not base64, or is gone; pass it on
     */
    byte[] first() throws IOException;

    /**
     * As {@link #first()}, for mechanisms in which the server speaks first: asks with the given challenge instead of an empty one. Clients of LOGIN
     * wait for {@code Username:}.
     *
     * @throws IOException as in {@link #first()}
     */
    default byte[] first(byte[] challenge) throws IOException {
        return first();
    }

    /**
     * Sends a challenge and waits for the response.
     *
     * @throws IOException as in {@link #first}
     */
    byte[] ask(byte[] challenge) throws IOException;
}
