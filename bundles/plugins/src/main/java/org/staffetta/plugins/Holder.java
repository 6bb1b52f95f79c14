package org.staffetta.plugins;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Version;
import org.staffetta.api.plugin.Plugins;

/**
 * One service object of one kind, and the gate before it.
 *
 * @param service as it is lent
 * @param names by which it may be leased, its own first
 * @param bundleId tells its bundle from others of the same name
 * @param properties of the service that are ours, as text
 * @param guard around the service, if there is one
 */
record Holder<T>(Class<T> kind, T service, List<String> names, Rank rank, String bundle, long bundleId,
        Map<String, String> properties, Gate gate, Optional<Guard> guard) {

    /** Which of several is the best: the higher ranking, then the newer bundle, then the newer service. The best comes first. */
    record Rank(int ranking, Version version, long id) implements Comparable<Rank> {
        @Override
        public int compareTo(Rank other) {
            int byRanking = Integer.compare(other.ranking, ranking);
            int byVersion = other.version.compareTo(version);
            return byRanking != 0 ? byRanking : byVersion != 0 ? byVersion : Long.compare(other.id, id);
        }
    }

    String name() {
        return names.isEmpty() ? "" : names.getFirst();
    }

    boolean answersTo(String name) {
        return name.equals(Plugins.ANY) || names.contains(name);
    }
}
