package org.staffetta.config;

import java.util.Comparator;
import java.util.Set;
import org.staffetta.config.Schema.Claim;

/** Tells a person who mistyped a key what he may have meant. */
final class Hint {

    private static final int NEAR = 3;

    private Hint() {}

    /** What is allowed instead of the attribute that a key names. */
    static String forKey(Claim claim) {
        Set<String> known = claim.kind().attributes().keySet();
        if (claim.kind().factory() && claim.attribute().isEmpty()) {
            return "write " + claim.kind().prefix() + ".<name>.<setting>";
        }
        return known.stream().filter(id -> distance(id, claim.attribute()) <= NEAR)
                .min(Comparator.comparingInt(id -> distance(id, claim.attribute())))
                .map(id -> "did you mean " + claim.kind().key(claim.instance(), id) + "?")
                .orElseGet(
                        () -> claim.kind().prefix() + " knows " + String.join(", ", known.stream().sorted().toList()));
    }

    // Levenshtein's, with two rows
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
