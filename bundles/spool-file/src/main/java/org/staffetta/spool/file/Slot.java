package org.staffetta.spool.file;

import org.jspecify.annotations.Nullable;

/**
 * What the index keeps of an entry: little enough for millions of them. All fields that change are guarded by the index.
 */
final class Slot {

    enum State {
        WAITING, CLAIMED, GONE
    }

    final long number;
    final boolean big;
    int segment;
    int offset;
    int length;
    long due;
    boolean held;
    State state = State.WAITING;

    /** Where what was said of it since stands: segment, offset and length of each record in their order; never changed in place. */
    int @Nullable [] later;

    /** Its place in the heap; -1 if it is not there. */
    int heapIndex = -1;

    Slot(long number, boolean big) {
        this.number = number;
        this.big = big;
    }

    /** Whether this one is to be taken before the other. */
    boolean isBefore(Slot other) {
        return due < other.due || due == other.due && number < other.number;
    }
}
