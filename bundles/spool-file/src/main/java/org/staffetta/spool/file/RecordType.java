package org.staffetta.spool.file;

import org.jspecify.annotations.Nullable;

/** What a record of the journal says. The number stands in the file: never change or reuse one. */
enum RecordType {
    /** The first record of each segment. */
    SEGMENT(1),
    /** Queue ids below a number may have been given out. */
    RESERVE(2),
    /** A message with its body. */
    MESSAGE(3),
    /** A message whose body is a file of its own. */
    BIG_MESSAGE(4),
    /** What became of some recipients. */
    UPDATE(5),
    /** How an entry stands, whatever was said of it before. */
    STATE(6),
    /** An entry is held or released. */
    HOLD(7),
    /** An entry is gone. */
    REMOVED(8),
    /** A copy of another spool's entry with its body. It is no entry before a later record speaks of it. */
    COPY(9),
    /** The same with a body in a file of its own. */
    BIG_COPY(10),
    /** The entry was handed over to another spool. */
    HANDED_OVER(11);

    private static final RecordType[] ALL = values();

    private final int number;

    RecordType(int number) {
        this.number = number;
    }

    byte number() {
        return (byte) number;
    }

    boolean isMessage() {
        return this == MESSAGE || this == BIG_MESSAGE || isCopy();
    }

    boolean isCopy() {
        return this == COPY || this == BIG_COPY;
    }

    /** The same with a body in a file of its own. */
    RecordType big() {
        return switch (this) {
            case MESSAGE -> BIG_MESSAGE;
            case COPY -> BIG_COPY;
            default -> throw new IllegalStateException(this + " has no body");
        };
    }

    /** Whether the body is in a file of its own. */
    boolean isBig() {
        return this == BIG_MESSAGE || this == BIG_COPY;
    }

    static @Nullable RecordType of(int number) {
        for (RecordType type : ALL) {
            if (type.number == number) {
                return type;
            }
        }
        return null;
    }
}
