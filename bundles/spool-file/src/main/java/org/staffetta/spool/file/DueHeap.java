package org.staffetta.spool.file;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Slots by the time at which they are due. Each knows its place, so that any of them can be taken out without a search. */
final class DueHeap {

    private @Nullable Slot[] heap = new @Nullable Slot[64];
    private int size;

    @Nullable
    Slot first() {
        return heap[0];
    }

    void add(Slot slot) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        up(slot, size++);
    }

    void remove(Slot slot) {
        int hole = slot.heapIndex;
        if (hole < 0) {
            return;
        }
        slot.heapIndex = -1;
        Slot last = at(--size);
        heap[size] = null;
        if (last != slot) {
            up(last, hole);
            down(last, last.heapIndex);
        }
    }

    private void up(Slot slot, int from) {
        int at = from;
        while (at > 0 && slot.isBefore(at((at - 1) / 2))) {
            put(at((at - 1) / 2), at);
            at = (at - 1) / 2;
        }
        put(slot, at);
    }

    private void down(Slot slot, int from) {
        int at = from;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && at(child + 1).isBefore(at(child))) {
                child++;
            }
            if (!at(child).isBefore(slot)) {
                break;
            }
            put(at(child), at);
            at = child;
        }
        put(slot, at);
    }

    private Slot at(int index) {
        Slot slot = heap[index];
        if (slot == null) {
            throw new IllegalStateException("the heap has a hole at " + index);
        }
        return slot;
    }

    private void put(Slot slot, int index) {
        heap[index] = slot;
        slot.heapIndex = index;
    }
}
