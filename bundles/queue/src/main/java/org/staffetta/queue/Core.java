package org.staffetta.queue;

import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.staffetta.api.plugin.Plugins;

/**
 * What every message in work needs.
 *
 * @param patience how long a missing router or transport is waited for: it may be on its way back
 */
record Core(Time time, RandomGenerator random, Supplier<Settings> settings, Duration patience, Plugins plugins,
        Lanes lanes, Deadlines deadlines, Expiry expiry, Notices notices,
        Events events) {

    Schedule schedule() {
        return settings.get().schedule();
    }
}
