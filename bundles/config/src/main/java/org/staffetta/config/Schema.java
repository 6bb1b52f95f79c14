package org.staffetta.config;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All kinds that installed bundles declare, and whose a key is. */
final class Schema {

    /** No bundle, no kind. */
    static final Schema EMPTY = new Schema(List.of());

    private final Map<String, Kind> kinds = new TreeMap<>();

    /**
     * The owner of a key.
     *
     * @param instance empty for a singleton
     * @param attribute as the key says, whether there is one or not
     */
    record Claim(Kind kind, String instance, String attribute) {}

    /** Of two kinds of the same prefix the later one counts. */
    Schema(Collection<Kind> kinds) {
        kinds.forEach(kind -> this.kinds.put(kind.prefix(), kind));
    }

    Collection<Kind> kinds() {
        return kinds.values();
    }

    /** The kind of a PID or factory PID. */
    Optional<Kind> ofPid(String pid) {
        return kinds.values().stream().filter(kind -> kind.pid().equals(pid)).findFirst();
    }

    /** Whether a key without prefix is an attribute of any kind. */
    boolean isShared(String key) {
        return key.indexOf('.') < 0 && kinds.values().stream().anyMatch(kind -> kind.attributes().containsKey(key));
    }

    /**
     * The kind with the longest prefix of a key, of those that have such an attribute if there are any: what all filters have and what one of them
     * has of its own can share a prefix. Empty if no installed bundle claims the key.
     */
    Optional<Claim> claim(String key) {
        Optional<Claim> longest = Optional.empty();
        for (int dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
            Kind kind = kinds.get(key.substring(0, dot));
            if (kind != null) {
                Claim claim = claim(kind, key.substring(dot + 1));
                if (kind.attributes().containsKey(claim.attribute())) {
                    return Optional.of(claim);
                }
                longest = longest.or(() -> Optional.of(claim));
            }
        }
        return longest;
    }

    private static Claim claim(Kind kind, String rest) {
        int dot = rest.indexOf('.');
        if (!kind.factory()) {
            return new Claim(kind, "", rest);
        }
        return dot < 0 ? new Claim(kind, rest, "") : new Claim(kind, rest.substring(0, dot), rest.substring(dot + 1));
    }
}
