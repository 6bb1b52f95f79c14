package org.staffetta.filter.arc;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the set whose results may be believed. A valid chain says who passed the message on, not that they are honest, and whoever came last may have
 * written a new message under the old seals. So a set counts if its sealer is trusted, and if the message is still the one that he signed, or
 * the next one in the chain is believed as well, who must have verified it.
 */
final class Trust {

    private final Set<String> sealers;

    Trust(Set<String> sealers) {
        this.sealers = sealers;
    }

    /** Of those that may be believed the oldest, who stood nearest to the origin. */
    Optional<ArcSet> believed(ChainResult chain) {
        List<ArcSet> sets = chain.sets();
        Optional<ArcSet> believed = Optional.empty();
        boolean next = false;
        for (int i = sets.size() - 1; i >= 0; i--) {
            ArcSet set = sets.get(i);
            boolean untouched = chain.intact().contains(set.instance()) && coversFrom(set);
            next = sealers.contains(set.sealer()) && (untouched || next);
            believed = next ? Optional.of(set) : believed;
        }
        return believed;
    }

    private static boolean coversFrom(ArcSet set) {
        return set.signature().tags().items("h").stream().anyMatch("From"::equalsIgnoreCase);
    }
}
