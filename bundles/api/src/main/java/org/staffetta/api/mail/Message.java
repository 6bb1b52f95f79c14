package org.staffetta.api.mail;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A message as it was received: header fields and body, re-readable, of known size.
 *
 * <p>The header fields are in memory (listeners bound their total size); the body is not. Each stream is new, starts at
 * the beginning, and is for one thread; the message itself may be shared. All lines end in CRLF; dot-stuffing is the
 * wire's and never shows here. A stream must be closed before the transaction or attempt it came from ends.
 */
@ProviderType
public interface Message {

    /** The header fields from top to bottom. */
    List<Header> headers();

    /** The octets that {@link #open()} gives. */
    long size();

    /**
     * The whole message: header fields, the empty line, the body.
     *
     * @throws IOException if the storage fails; treat it as a reason to try again later
     */
    InputStream open() throws IOException;

    /**
     * The body alone: what follows the empty line.
     *
     * @throws IOException if the storage fails; treat it as a reason to try again later
     */
    InputStream openBody() throws IOException;
}
