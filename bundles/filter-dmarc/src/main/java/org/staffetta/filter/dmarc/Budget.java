package org.staffetta.filter.dmarc;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/** What it may cost to read one message with reports, all its attachments together: octets, what archives make of them, time. For one thread. */
final class Budget {

    private static final long MOST_OCTETS = 25_000_000;
    private static final long MOST_RATIO = 100;
    // a short text of zeros may well be packed a thousandfold
    private static final long RATIO_COUNTS_FROM = 1_000_000;
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final LongSupplier nanos;
    private final long end;
    private long packed;
    private long unpacked;

    /** The budget is used up. Nothing more of the message is read. */
    static final class ExceededException extends IOException {

        private static final long serialVersionUID = 1L;

        ExceededException(String reason) {
            super(reason);
        }
    }

    /** Begins now. */
    Budget() {
        this(System::nanoTime);
    }

    /**
     * As above, by another clock.
     *
     * @param nanos as {@link System#nanoTime()}
     */
    Budget(LongSupplier nanos) {
        this.nanos = nanos;
        this.end = nanos.getAsLong() + LONGEST.toNanos();
    }

    /** Counts what came with the message. */
    InputStream packed(InputStream in) {
        return new Counted(in, false);
    }

    /** Counts what came out of it. */
    InputStream unpacked(InputStream in) {
        return new Counted(in, true);
    }

    /**
     * To be asked now and then.
     *
     * @throws ExceededException if it took too long
     */
    void requireTime() throws ExceededException {
        if (nanos.getAsLong() - end > 0) {
            throw new ExceededException("it takes longer than " + LONGEST.toSeconds() + " s to read");
        }
    }

    private void count(long octets, boolean out) throws ExceededException {
        requireTime();
        if (!out) {
            packed += octets;
            return;
        }
        unpacked += octets;
        if (unpacked > MOST_OCTETS) {
            throw new ExceededException("it has more than " + MOST_OCTETS + " octets");
        }
        if (unpacked > RATIO_COUNTS_FROM && unpacked / MOST_RATIO > packed) {
            throw new ExceededException("it unpacks to more than " + MOST_RATIO + " times its size");
        }
    }

    private final class Counted extends FilterInputStream {

        private final boolean out;

        Counted(InputStream in, boolean out) {
            super(in);
            this.out = out;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] octets, int offset, int length) throws IOException {
            int count = in.read(octets, offset, length);
            count(Math.max(0, count), out);
            return count;
        }

        @Override
        public long skip(long count) throws IOException {
            return readNBytes((int) Math.min(count, 8_192)).length;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
