package org.staffetta.domainkey;

/**
 * Brings a body into canonical form as it streams by (RFC 6376 sections 3.4.3 and 3.4.4). Only CRLF ends a line; a bare CR or LF is an octet as any
 * other.
 */
final class BodyCanonicalizer {

    private static final int MOST = 8_192;
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] CR = {'\r'};
    private static final byte[] SPACE = {' '};

    private final boolean relaxed;
    private final Sink sink;
    private final byte[] canonical;
    private int filled;
    // CRLFs that count only if something follows them
    private long lineEnds;
    private boolean blank;
    private boolean afterCr;
    private boolean any;

    /** Where the canonical octets go. */
    @FunctionalInterface
    interface Sink {
        void write(byte[] octets, int from, int length);
    }

    /**
     * Begins.
     *
     * @param block octets that are collected before the sink gets them, if that is not too many
     */
    BodyCanonicalizer(Canonicalization canonicalization, int block, Sink sink) {
        this.relaxed = canonicalization == Canonicalization.RELAXED;
        this.canonical = new byte[Math.min(block, MOST)];
        this.sink = sink;
    }

    /** Takes the next octets. */
    void update(byte[] octets, int length) {
        int i = 0;
        while (i < length) {
            byte c = octets[i];
            if (afterCr || c == '\r') {
                lineEnd(c);
                i++;
            } else if (relaxed && (c == ' ' || c == '\t')) {
                blank = true;
                i++;
            } else {
                int end = endOfRun(octets, i, length);
                flush();
                write(octets, i, end - i);
                i = end;
            }
        }
    }

    /** The body is complete. */
    void finish() {
        if (afterCr) {
            flush();
            write(CR, 0, 1);
        }
        // empty lines at the end are ignored; the last line ends in CRLF, whether it did so or not; a simple body that is empty is one line end, a relaxed
        // one is nothing
        if (any || !relaxed) {
            write(CRLF, 0, 2);
        }
        sink.write(canonical, 0, filled);
    }

    private void lineEnd(byte c) {
        if (afterCr && c == '\n') {
            afterCr = false;
            blank = false;
            lineEnds++;
            return;
        }
        if (afterCr) {
            // the one before was no line end
            afterCr = false;
            flush();
            write(CR, 0, 1);
            update(new byte[]{c}, 1);
        } else {
            afterCr = true;
        }
    }

    private int endOfRun(byte[] octets, int from, int to) {
        int i = from;
        while (i < to && octets[i] != '\r' && !(relaxed && (octets[i] == ' ' || octets[i] == '\t'))) {
            i++;
        }
        return i;
    }

    private void flush() {
        for (; lineEnds > 0; lineEnds--) {
            write(CRLF, 0, 2);
        }
        if (blank) {
            blank = false;
            write(SPACE, 0, 1);
        }
    }

    private void write(byte[] octets, int from, int length) {
        any = true;
        if (length > canonical.length - filled) {
            sink.write(canonical, 0, filled);
            filled = 0;
        }
        if (length > canonical.length) {
            sink.write(octets, from, length);
        } else {
            System.arraycopy(octets, from, canonical, filled, length);
            filled += length;
        }
    }
}
