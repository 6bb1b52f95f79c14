package org.staffetta.filter.arc;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What is to be said of a chain.
 *
 * @param status of the whole
 * @param reason why it does not pass; empty if it does or there is none
 * @param sets that make it up; empty if it is none
 * @param intact the instances whose own signature of the message is still valid
 */
record ChainResult(Status status, String reason, List<ArcSet> sets, Set<Integer> intact) {

    /** In the words of RFC 8617 section 4.4; DNS may have no answer as well. */
    enum Status {
        NONE, PASS, FAIL, TEMPERROR;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static ChainResult none() {
        return new ChainResult(Status.NONE, "", List.of(), Set.of());
    }

    static ChainResult not(Status status, String reason) {
        return new ChainResult(status, reason, List.of(), Set.of());
    }

    /**
     * The oldest instance since which nothing was changed; 0 if nothing was since the first (RFC 8617 section 5.2, step 5).
     */
    int oldestPass() {
        int oldest = sets.size();
        while (oldest > 1 && intact.contains(oldest - 1)) {
            oldest--;
        }
        return oldest == 1 ? 0 : oldest;
    }
}
