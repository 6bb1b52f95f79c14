package org.staffetta.spool.file;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which entries there are, where their records stand, and who is due next. All in memory;
 * built anew from the journal at each start.
 */
final class Index {

    /** No wait is longer: a clock that is set forward makes entries due without telling anybody. */
    private static final long MAX_WAIT_MILLIS = 1000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ConcurrentSkipListMap<Long, Slot> slots = new ConcurrentSkipListMap<>();
    private final SegmentTable segments = new SegmentTable();
    private final Set<Slot> disordered = ConcurrentHashMap.newKeySet();
    private final DueHeap waiting = new DueHeap();
    private final InstantSource clock;
    private boolean paused;
    private boolean closed;

    Index(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Where an entry's records stand.
     *
     * @param later as in {@link Slot#later}
     */
    record Place(int segment, int offset, int length, int @Nullable [] later) {}

    /** A record in a segment. */
    record Spot(Segment segment, int offset, int length) {}

    /** The segments that the records stand in. */
    SegmentTable segments() {
        return segments;
    }

    long size() {
        return slots.size();
    }

    /** All slots, oldest first. */
    Collection<Slot> slots() {
        return slots.values();
    }

    @Nullable
    Slot find(long number) {
        return slots.get(number);
    }

    /** Where the records of an entry stand now; null if it is gone. */
    @Nullable
    Place place(Slot slot) {
        lock.lock();
        try {
            return slot.state == Slot.State.GONE
                    ? null
                    : new Place(slot.segment, slot.offset, slot.length, slot.later);
        } finally {
            lock.unlock();
        }
    }

    /** A message is there, and waits. */
    void add(long number, boolean big, Spot spot, Payload.Standing standing) {
        Slot slot = new Slot(number, big);
        lock.lock();
        try {
            put(slot, spot);
            slots.put(number, slot);
            stand(slot, standing);
        } finally {
            lock.unlock();
        }
    }

    /** The message of an entry stands elsewhere from now on. */
    void move(Slot slot, Spot spot) {
        lock.lock();
        try {
            if (slot.state != Slot.State.GONE) {
                segments.count(slot.segment, -1, -slot.length);
                put(slot, spot);
                if (slot.later != null) {
                    disordered.add(slot);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** One more record says something of an entry. */
    void append(Slot slot, Spot spot, Payload.Standing standing) {
        lock.lock();
        try {
            int[] before = slot.later == null ? new int[0] : slot.later;
            int[] after = Arrays.copyOf(before, before.length + 3);
            note(after, before.length, spot);
            slot.later = after;
            stand(slot, standing);
        } finally {
            lock.unlock();
        }
    }

    /** One record says all that was said of an entry since its message came. */
    void replace(Slot slot, Spot spot, Payload.Standing standing) {
        lock.lock();
        try {
            if (slot.state != Slot.State.GONE) {
                forgetLater(slot);
                slot.later = new int[3];
                note(slot.later, 0, spot);
                disordered.remove(slot);
                stand(slot, standing);
            }
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #replace}, by a copy: when the entry is due stays as it is. */
    void collapse(Slot slot, Spot spot) {
        replace(slot, spot, new Payload.Standing(slot.due, slot.held));
    }

    /** One of the later records does not count any more, for it cannot be read: in doubt the entry stands as before. */
    void forget(Slot slot, Segment segment, int offset) {
        lock.lock();
        try {
            int[] later = slot.later == null ? new int[0] : slot.later;
            for (int i = 0; i < later.length; i += 3) {
                if (later[i] == segment.number && later[i + 1] == offset) {
                    segments.count(later[i], -1, -later[i + 2]);
                    int[] rest = Arrays.copyOf(later, later.length - 3);
                    System.arraycopy(later, i + 3, rest, i, later.length - i - 3);
                    slot.later = rest;
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void remove(Slot slot) {
        lock.lock();
        try {
            if (slot.state == Slot.State.GONE) {
                return;
            }
            slot.state = Slot.State.GONE;
            waiting.remove(slot);
            slots.remove(slot.number);
            disordered.remove(slot);
            segments.count(slot.segment, -1, -slot.length);
            forgetLater(slot);
            slot.later = null;
        } finally {
            lock.unlock();
        }
    }

    /** Claims the entry that has been due for longest. */
    Slot take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (closed) {
                    throw new InterruptedException("the spool is closed");
                }
                Slot first = waiting.first();
                long wait = first == null || paused ? MAX_WAIT_MILLIS : first.due - clock.millis();
                if (first != null && wait <= 0) {
                    waiting.remove(first);
                    first.state = Slot.State.CLAIMED;
                    return first;
                }
                changed.awaitNanos(TimeUnit.MILLISECONDS.toNanos(Math.min(wait, MAX_WAIT_MILLIS)));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Claims this one; false if somebody else has or it is gone. */
    boolean claim(Slot slot) {
        lock.lock();
        try {
            if (slot.state != Slot.State.WAITING) {
                return false;
            }
            waiting.remove(slot);
            slot.state = Slot.State.CLAIMED;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends a claim; the entry is not offered before this moment, in milliseconds of the epoch. */
    void giveBack(Slot slot, long notBefore) {
        lock.lock();
        try {
            if (slot.state == Slot.State.CLAIMED) {
                slot.state = Slot.State.WAITING;
                stand(slot, new Payload.Standing(Math.max(slot.due, notBefore), slot.held));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is to be taken: what would come of it could not be written down. */
    void pause(boolean pause) {
        lock.lock();
        try {
            paused = pause;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether this record is the one that counts for its entry. */
    boolean counts(Slot slot, Segment segment, int offset) {
        Place place = place(slot);
        if (place == null) {
            return false;
        }
        boolean counts = place.segment() == segment.number && place.offset() == offset;
        int[] later = place.later();
        for (int i = 0; later != null && i < later.length && !counts; i += 3) {
            counts = later[i] == segment.number && later[i + 1] == offset;
        }
        return counts;
    }

    /**
     * Entries of which something that was said stands before their message, for that was moved. A start reads in order and would not heed
     * it, so until it is said again no segment may go.
     */
    Set<Slot> disordered() {
        return disordered;
    }

    private void put(Slot slot, Spot spot) {
        slot.segment = spot.segment().number;
        slot.offset = spot.offset();
        slot.length = spot.length();
        segments.count(slot.segment, 1, slot.length);
    }

    private void note(int[] later, int at, Spot spot) {
        later[at] = spot.segment().number;
        later[at + 1] = spot.offset();
        later[at + 2] = spot.length();
        segments.count(spot.segment().number, 1, spot.length());
    }

    private void forgetLater(Slot slot) {
        int[] later = slot.later;
        for (int i = 0; later != null && i < later.length; i += 3) {
            segments.count(later[i], -1, -later[i + 2]);
        }
    }

    // sees to it that the heap holds those, and only those, that wait and are not held
    private void stand(Slot slot, Payload.Standing standing) {
        waiting.remove(slot);
        slot.due = standing.due();
        slot.held = standing.held();
        if (slot.state == Slot.State.WAITING && !slot.held) {
            waiting.add(slot);
            changed.signal();
        }
    }
}
