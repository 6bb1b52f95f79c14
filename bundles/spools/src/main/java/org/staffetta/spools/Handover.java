package org.staffetta.spools;

import java.io.IOException;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Entry;

/** Moves entries from one spool to another, step by step as {@link org.staffetta.api.spool} says. */
record Handover(Place from, Place to) {

    /** An entry that is in the other spool now. */
    record Moved(String before, String id, long octets) {}

    /**
     * Moves one. Whatever fails, and wherever, a {@link Settlement} completes or undoes it; the claim is the caller's to close.
     *
     * @throws IOException if it was not moved, or only in part
     */
    Moved move(Claim claim) throws IOException {
        Original original = Original.of(claim.entry());
        String id = original.id();
        String key = to.exchange().receive(original, from.mark(id).text());
        Entry copy = to.exchange().copy(key)
                .orElseThrow(() -> new IOException("the copy of " + id + " is not in " + to.name()));
        String difference = original.difference(copy);
        if (!difference.isEmpty()) {
            to.exchange().discard(key);
            throw new IOException(id + " stays in " + from.name() + ": what " + to.name()
                    + " gave back of it is not the same (" + difference + ")");
        }
        Moved moved = new Moved(id, copy.id(), copy.message().size());
        claim.handOver(to.mark(key).text());
        to.exchange().activate(key);
        from.exchange().forget(id);
        return moved;
    }
}
