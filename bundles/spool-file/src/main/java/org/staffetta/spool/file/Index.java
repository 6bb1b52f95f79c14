package org.staffetta.spool.file;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.spool.Tally;

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
    private final ConcurrentHashMap<String, Slot> named = new ConcurrentHashMap<>();
    private final Set<Slot> incoming = ConcurrentHashMap.newKeySet();
    private final Map<Slot, String> outgoing = new ConcurrentHashMap<>();
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

    /** How many entries there are. */
    long size() {
        return Math.max(0, slots.size() - incoming.size() - outgoing.size());
    }

    /** How many entries and copies are in which state. */
    Tally tally() {
        long[] counts = new long[Slot.State.values().length];
        long held = 0;
        for (Slot slot : slots.values()) {
            boolean isHeld = slot.held && slot.state == Slot.State.WAITING;
            counts[slot.state.ordinal()] += isHeld ? 0 : 1;
            held += isHeld ? 1 : 0;
        }
        return new Tally(counts[Slot.State.WAITING.ordinal()], counts[Slot.State.CLAIMED.ordinal()], held,
                counts[Slot.State.INCOMING.ordinal()], counts[Slot.State.OUTGOING.ordinal()]);
    }

    /** All slots, copies included, in the order in which they came. */
    Collection<Slot> slots() {
        return slots.values();
    }

    /** That of an entry or copy; null if there is none. */
    @Nullable
    Slot find(long number) {
        return slots.get(number);
    }

    /** That of the entry of this queue id; null if there is none. */
    @Nullable
    Slot find(String id) {
        Slot found = named(id);
        return found != null && found.isEntry() ? found : null;
    }

    /** That of the entry or copy of this queue id, in whatever state; null if there is none. */
    @Nullable
    Slot named(String id) {
        Slot own = slots.get(QueueId.parse(id));
        return own == null || own.isNamed() ? named.get(id) : own;
    }

    /** The slots of copies. */
    Set<Slot> incoming() {
        return incoming;
    }

    /** Where what was handed over went. */
    Map<Slot, String> outgoing() {
        return outgoing;
    }

    /** A slot for a copy that is about to come: its id stays unless another entry or copy has it. */
    Slot reserve(long number, boolean big, String id) {
        Slot slot = Slot.incoming(number, big, id);
        Slot own = slots.get(QueueId.parse(id));
        boolean taken = own != null && !own.isNamed()
                || slot.isNamed() && named.putIfAbsent(id, slot) != null;
        return taken ? Slot.incoming(number, big, QueueId.format(number)) : slot;
    }

    /** The copy did not come. */
    void release(Slot slot) {
        named.remove(slot.id(), slot);
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

    /** A message is there, and waits; or a copy is. */
    void add(Slot slot, Spot spot, Payload.Standing standing) {
        lock.lock();
        try {
            put(slot, spot);
            if (slot.state == Slot.State.INCOMING) {
                incoming.add(slot);
            }
            slots.put(slot.number, slot);
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
            wake(slot);
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
                wake(slot);
                stand(slot, standing);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A copy becomes an entry; if it was one before, the record does not count. */
    void activate(Slot slot, Spot spot, Payload.Standing standing) {
        lock.lock();
        try {
            if (slot.state == Slot.State.INCOMING) {
                replace(slot, spot, standing);
            }
        } finally {
            lock.unlock();
        }
    }

    /** An entry was handed over: nothing else of what was said of it counts any more. */
    void handOver(Slot slot, Spot spot, String copy) {
        lock.lock();
        try {
            if (slot.state != Slot.State.GONE) {
                outgoing.put(slot, copy);
                waiting.remove(slot);
                slot.state = Slot.State.OUTGOING;
                replace(slot, spot, new Payload.Standing(slot.due, slot.held));
            }
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #replace}, by a copy of records: when the entry is due stays as it is. */
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
            named.remove(slot.id(), slot);
            incoming.remove(slot);
            outgoing.remove(slot);
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

    // of a copy nothing is said before it is an entry
    private void wake(Slot slot) {
        if (slot.state == Slot.State.INCOMING) {
            slot.state = Slot.State.WAITING;
            incoming.remove(slot);
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
