package org.staffetta.api.event;

import java.io.IOException;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** What is known of the past. May be called from any thread; reads files, and so may take a moment. */
@ProviderType
public interface MailTrail {

    /**
     * All that happened to a message, from the connection that brought it to its end; or in a session, or in a transaction. As far back as the
     * log is kept, across restarts.
     *
     * @param id of a message in the queue, a session, or a transaction, as the log shows them
     * @return oldest first, and what brought a message before what became of it; empty if nothing is known of it. Of very many the oldest
     * @throws IOException if the log cannot be read
     */
    List<MailEvent> find(String id) throws IOException;
}
