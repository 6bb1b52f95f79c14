package org.staffetta.spools;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has left-overs settled, and raises an alarm for those that wait for a spool which does not come. For one thread. */
final class Leftovers {

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    /** A spool may come later than others. */
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Telling telling;
    private final Settlement.Witnessed witnessed;
    private List<String> missing = List.of();
    private long missingSince;
    private boolean told;

    Leftovers(Telling telling, Settlement.Witnessed witnessed) {
        this.telling = telling;
        this.witnessed = witnessed;
    }

    /** Whether nothing is left that can be settled now or soon. */
    boolean settle(Lent lent) {
        Settlement settlement = new Settlement(lent.places().values(), witnessed);
        try {
            boolean settled = settlement.run();
            heed(settlement.missing());
            return settled;
        } catch (IOException | RuntimeException e) {
            LOG.warn("What was left over of a migration cannot be settled now: {}", e.toString());
            return false;
        }
    }

    /** Whether something waits for a spool that is not there. */
    boolean isWaiting() {
        return !missing.isEmpty();
    }

    private void heed(List<String> now) {
        if (!now.equals(missing)) {
            missing = now;
            missingSince = System.nanoTime();
            told = false;
        }
        if (!told && !missing.isEmpty() && System.nanoTime() - missingSince >= PATIENCE_NANOS) {
            told = true;
            missing.forEach(telling::alarm);
        }
    }
}
