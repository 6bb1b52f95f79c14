package org.staffetta.queue;

import java.time.Duration;
import java.util.Map;

/**
 * The bounds of lanes.
 *
 * @param initial attempts at once towards a next hop that nothing is known of
 * @param max attempts at once towards a next hop that takes all it gets
 * @param local attempts at once towards a next hop for our own domains
 * @param byTransport the maximum for the lanes of a transport, by its name, instead of {@code max} or {@code local}
 * @param waiting attempts that may wait in one lane
 * @param total attempts at once in all lanes
 * @param troubleFirst for how long a next hop in trouble is left alone at first
 * @param troubleMax for how long at most
 */
record LaneSettings(int initial, int max, int local, Map<String, Integer> byTransport, int waiting, int total,
        Duration troubleFirst, Duration troubleMax) {

    LaneSettings {
        byTransport = Map.copyOf(byTransport);
    }

    int maxFor(Hop hop) {
        return byTransport.getOrDefault(hop.transport(), hop.local() ? local : max);
    }

    /** Local delivery gains from parallel work at once, for the store's syncs are shared; a stranger's server is approached gently. */
    int initialFor(Hop hop) {
        return hop.local() ? maxFor(hop) : Math.min(initial, maxFor(hop));
    }
}
