package org.staffetta.auth.oauth;

import java.io.IOException;
import java.util.Optional;

/** Where keys come from. For one thread at a time. */
interface KeySource extends AutoCloseable {

    /** What is read of one; more is refused. */
    int MOST_OCTETS = 64 << 10;

    /**
     * Looks whether there is something new, which is asked every second.
     *
     * @param anyway even if nothing seems to have changed, as far as that is no nuisance to others
     * @return empty if it was not read
     * @throws IOException if it cannot be read; the message is for the operator
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    Optional<byte[]> read(boolean anyway) throws IOException, InterruptedException;

    @Override
    default void close() {}
}
