package org.staffetta.api.queue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.annotation.versioning.ProviderType;
import org.staffetta.api.spool.Entry;

/** What an operator may see of the queue and do to it. May be called from any thread. */
@ProviderType
public interface MailQueue {

    /** All entries of all spools, oldest first; see {@link org.staffetta.api.spool.Spool#entries()}. The caller closes the stream. */
    Stream<Entry> entries();

    /** One entry; empty if there is none of that id. */
    Optional<Entry> find(String id) throws IOException;

    /** How many messages there are. Cheap. */
    long size();

    /** Makes an entry due now; false if there is none of that id or it is being delivered. */
    boolean retry(String id) throws IOException;

    /** Removes an entry for good without a bounce; false as in {@link #retry}. */
    boolean delete(String id) throws IOException;

    /** Keeps an entry from being delivered until it is released; false as in {@link #retry}. */
    boolean hold(String id, String reason) throws IOException;

    /** Lets a held entry go on; false as in {@link #retry}. */
    boolean release(String id) throws IOException;

    /** The destinations that mail is being delivered to or waits for. */
    List<Lane> lanes();

    /** One destination. */
    @ProviderType
    interface Lane {

        /** The transport, a colon, and the next hop: {@code smtp:example.org}. */
        String name();

        /** Attempts that run now. */
        int active();

        /** Attempts that wait for their turn. */
        int waiting();

        /** How many attempts may run at once now. */
        int limit();

        /** Why the destination is left alone for a while; empty if it is not. */
        String trouble();
    }
}
