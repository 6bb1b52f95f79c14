package org.staffetta.spool.file;

import java.util.Locale;

/** One file of the journal. */
final class Segment {

    private static final String PREFIX = "journal-";

    final int number;
    final long salt;
    final int capacity;

    /** Up to where there are valid records; grows while the segment is being written. */
    volatile int end;

    /** What recovery found wrong with it or a failed write left in doubt: then it is kept aside instead of removed. */
    volatile boolean damaged;

    /** Whether its live records must go to another segment before anything new is taken in. */
    volatile boolean suspect;

    /** The sequence of its last record; -1 if unknown. For recovery. */
    long lastSequence = -1;

    // guarded by the table of segments
    int liveRecords;
    long liveOctets;

    Segment(int number, long salt, int capacity) {
        this.number = number;
        this.salt = salt;
        this.capacity = capacity;
    }

    String name() {
        return name(number);
    }

    static String name(int number) {
        return String.format(Locale.ROOT, "%s%08d", PREFIX, number);
    }

    /** The number of the segment in the file of this name; -1 if that is no segment. */
    static int numberOf(String name) {
        boolean fits = name.startsWith(PREFIX) && name.length() >= PREFIX.length() + 8
                && name.length() <= PREFIX.length() + 10
                && name.chars().skip(PREFIX.length()).allMatch(c -> c >= '0' && c <= '9');
        long number = fits ? Long.parseLong(name.substring(PREFIX.length())) : -1;
        return number <= Integer.MAX_VALUE ? (int) number : -1;
    }
}
