package org.staffetta.spools;

import java.util.Optional;

/**
 * Where the other half of a hand-over is: what stands as the origin of a copy, and as the copy of a note.
 *
 * @param spool its name, for people
 * @param identity of its storage, which counts
 * @param key the queue id of an entry, or the key of a copy
 */
record Mark(String spool, String identity, String key) {

    private static final char SEPARATOR = '/';
    private static final int MAX_NAME = 60;
    private static final int PARTS = 3;

    /** The text that is kept. */
    String text() {
        String name = spool.replaceAll("[^!-.0-~]", "_");
        return name.substring(0, Math.min(name.length(), MAX_NAME)) + SEPARATOR + identity + SEPARATOR + key;
    }

    /** What {@link #text} gave; empty if somebody else has written that. */
    static Optional<Mark> parse(String text) {
        String[] parts = text.split(String.valueOf(SEPARATOR), -1);
        return parts.length == PARTS ? Optional.of(new Mark(parts[0], parts[1], parts[2])) : Optional.empty();
    }
}
