package org.staffetta.spool.file;

import org.jspecify.annotations.Nullable;

/**
 * What the index keeps of an entry: little enough for millions of them. All fields that change are guarded by the index; the state may be read
 * without.
 */
final class Slot {

    enum State {
        /** A copy of another spool's entry, and not an entry yet. */
        INCOMING, WAITING, CLAIMED,
        /** It was one, and was handed over to another spool. */
        OUTGOING, GONE
    }

    final long number;
    final boolean big;
    int segment;
    int offset;
    int length;
    long due;
    boolean held;
    volatile State state;

    /** Where what was said of it since stands: segment, offset and length of each record in their order; never changed in place. */
    int @Nullable [] later;

    /** Its place in the heap; -1 if it is not there. */
    int heapIndex = -1;

    private final @Nullable String name;

    private Slot(long number, boolean big, @Nullable String name, State state) {
        this.number = number;
        this.big = big;
        this.name = name;
        this.state = state;
    }

    /** That of a message that came in here. */
    static Slot of(long number, boolean big) {
        return new Slot(number, big, null, State.WAITING);
    }

    /**
     * That of a copy.
     *
     * @param id of the entry elsewhere; its own if it is that of the number
     */
    static Slot incoming(long number, boolean big, String id) {
        return new Slot(number, big, id.equals(QueueId.format(number)) ? null : id, State.INCOMING);
    }

    /** The queue id. */
    String id() {
        return name == null ? QueueId.format(number) : name;
    }

    /** Whether the queue id is another than that of the number. */
    boolean isNamed() {
        return name != null;
    }

    boolean isEntry() {
        return state == State.WAITING || state == State.CLAIMED;
    }

    /** Whether this one is to be taken before the other. */
    boolean isBefore(Slot other) {
        return due < other.due || due == other.due && number < other.number;
    }
}
