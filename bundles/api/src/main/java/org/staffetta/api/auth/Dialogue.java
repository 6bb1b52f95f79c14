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
     * Tells who the client says it is: as soon as that is known, and before it is checked. So failures are counted by name too, and of a name for
     * which there were too many nothing more is checked.
     *
     * @param name as the client gave it, in one form for all ways to write it; it is not logged
     * @throws IOException if there were too many, or as in {@link #first()}; pass it on
     */
    default void claims(String name) throws IOException {}

    /**
     * Sends a challenge and waits for the response.
     *
     * @throws IOException as in {@link #first}
     */
    byte[] ask(byte[] challenge) throws IOException;
}
