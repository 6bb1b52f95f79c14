package org.staffetta.api.spool;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Keeps accepted messages until each recipient has an outcome. All methods may be called by many threads at once.
 *
 * <p>An entry is <i>waiting</i> (due or not yet), <i>claimed</i> by one holder, or <i>held</i> until an operator releases it. A
 * restart makes claimed entries waiting again.
 */
@ProviderType
public interface Spool {

    /**
     * Begins to take in a message. The caller closes the draft in any case.
     *
     * @throws SpoolException if there is no room or the storage is out of order; nothing was begun
     */
    Draft draft() throws SpoolException;

    /**
     * Claims the entry that has been due for longest; blocks until there is one.
     *
     * @throws InterruptedException if the thread was interrupted or the spool was closed
     */
    Claim take() throws InterruptedException;

    /** Claims one entry whether due or held or not; empty if there is none of that id or somebody else has claimed it. */
    Optional<Claim> claim(String id) throws IOException;

    /** Looks at one entry without claiming it; empty if there is none of that id. */
    Optional<Entry> find(String id) throws IOException;

    /**
     * All entries, oldest first, read one by one from the storage: a million of them do not stand in memory at once. Those that came from another
     * spool may follow after all others, in the order in which they came. Entries that come or go meanwhile may or may not be seen. The caller closes
     * the stream.
     */
    Stream<Entry> entries();

    /** How many entries there are. Cheap. */
    long size();

    /** How many entries are in which state. For people: may take a second. */
    Tally tally() throws IOException;

    /** How entries go to other spools and come from them. */
    Exchange exchange();
}
