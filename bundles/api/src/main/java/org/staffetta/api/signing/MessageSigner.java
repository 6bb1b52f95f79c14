package org.staffetta.api.signing;

import java.io.IOException;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;

/**
 * Signs messages that the server itself has written. Called by many threads at once; may block, but not for long: the server ends a call that overruns
 * its deadline by an interrupt.
 *
 * <p>All that are there are asked, each sees the fields of those before it. Without one a message goes out as it is. What becomes of a message that one
 * cannot sign is for whoever wrote it to say: a delivery notice goes out unsigned, a report waits.
 */
@ConsumerType
@FunctionalInterface
public interface MessageSigner {

    /**
     * The fields that belong on top of the message, in this order; none if it is from a domain that this one does not sign for.
     *
     * @param message from an author of this server; may be read until this returns
     * @throws IOException if it should be signed and cannot be now
     */
    List<Header> sign(Message message) throws IOException;
}
