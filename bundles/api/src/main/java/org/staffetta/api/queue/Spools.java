package org.staffetta.api.queue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.staffetta.api.migration.Progress;
import org.staffetta.api.spool.Tally;

/** The spools that stand side by side, as an operator sees them. May be called from any thread. */
@ProviderType
public interface Spools {

    /**
     * One spool.
     *
     * @param name its service property {@code staffetta.name}
     * @param preferred whether new mail goes to it; the others are only drained
     * @param there whether it can be used now; if not, the counts are zero
     * @param tally how many messages are in which state
     * @param trouble why it cannot be used or counted; empty if all is well
     */
    record View(String name, boolean preferred, boolean there, Tally tally, String trouble) {}

    /** All spools that are there, and the preferred one even if it is not. */
    List<View> spools();

    /**
     * Has new mail go to this spool from now on, and after a restart: that is written to the configuration. What comes in at this moment may still go
     * to the one before, from which it is delivered like all that is there.
     *
     * @throws IllegalStateException if there is no such spool, or it cannot be: the message says why in one line
     */
    void use(String name) throws InterruptedException;

    /** The migration that runs, or else the last one; empty if there was none. */
    Optional<Progress> migration();

    /**
     * Begins to move all that is queued in one spool to another, while mail flows; returns at once. Goes on after a restart.
     *
     * @throws IllegalStateException if it cannot be begun: the message says why in one line
     * @throws IOException if it cannot be noted that it was begun
     */
    void migrate(String from, String to) throws IOException;

    /**
     * Ends the migration; what is moved at this moment is moved to its end.
     *
     * @throws IllegalStateException if none runs
     * @throws IOException if that cannot be noted: it may go on after a restart
     */
    void cancel() throws IOException;

    /**
     * Goes on with the migration that was cancelled.
     *
     * @throws IllegalStateException if none was
     * @throws IOException if that cannot be noted
     */
    void resume() throws IOException;
}
