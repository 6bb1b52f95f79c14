package org.staffetta.api.spool;

import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;

/**
 * A message on its way into the spool. For one thread. Closed without {@link #commit} it leaves no trace.
 */
@ProviderType
public interface Draft extends AutoCloseable {

    /** The queue id that the message will have. Known at once, so that the Received field and the log can name it. */
    String id();

    /**
     * Where the body goes: what follows the empty line after the header fields, lines ended by CRLF, no dot-stuffing. Constant
     * memory whatever the size. Writing throws {@link SpoolException} when there is no room.
     */
    OutputStream body();

    /** The message as it would be with these header fields, for filters to read. Valid until {@link #commit} or {@link #close}. */
    Message message(List<Header> headers);

    /**
     * Takes the message in. On return it is on stable storage and is the spool's to keep; nobody may answer {@code 250} before.
     *
     * @param envelope with at least one recipient
     * @param headers the header fields from top to bottom
     * @param attributes see {@link Entry#attributes()}
     * @throws SpoolException if that is not certain: then the client must be told 4yz and the message is not kept
     */
    void commit(Envelope envelope, List<Header> headers, Map<String, String> attributes) throws SpoolException;

    /** Forgets the message unless it was committed. */
    @Override
    void close();
}
