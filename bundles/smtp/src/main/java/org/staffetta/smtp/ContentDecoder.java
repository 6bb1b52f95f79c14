package org.staffetta.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * The automaton between the wire and a message: undoes dot-stuffing, finds the end of DATA, and insists on CRLF.
 *
 * <p>It stops at the first {@link Fault}; what it passed on until then must not become a message. A line that is too long is no
 * fault, since both ends agree about where it ends: it is only noted.
 */
public final class ContentDecoder {

    /** How the end of the content is told. */
    public enum Framing {
        /** CRLF.CRLF, and dots are stuffed: DATA (RFC 5321 section 4.5.2). */
        DOT,
        /** By count, and dots are dots: BDAT (RFC 3030 section 2). The caller counts and calls {@link ContentDecoder#finish}. */
        COUNT
    }

    private enum State {
        LINE_START, TEXT, CR, DOT, DOT_CR, END
    }

    private final Framing framing;
    private final int maxLine;
    private final OutputStream sink;
    private State state = State.LINE_START;
    private Optional<Fault> fault = Optional.empty();
    private long size;
    private long lineStart;
    private boolean lineTooLong;

    /**
     * Makes a decoder for one message.
     *
     * @param maxLine octets that a line may have with its CRLF
     * @param sink gets the content, decoded; what it throws is passed on
     */
    public ContentDecoder(Framing framing, int maxLine, OutputStream sink) {
        this.framing = framing;
        this.maxLine = maxLine;
        this.sink = sink;
    }

    /** Whether the end of DATA was seen, or {@link #finish} called. */
    public boolean ended() {
        return state == State.END;
    }

    /** What is wrong with the content, if anything is. */
    public Optional<Fault> fault() {
        return fault;
    }

    /** Whether a line was too long. */
    public boolean lineTooLong() {
        return lineTooLong;
    }

    /** Octets of decoded content so far. */
    public long size() {
        return size;
    }

    /**
     * Decodes octets until they, or the content, or its sanity ends.
     *
     * @return the index of the first octet that was not taken
     */
    public int decode(byte[] octets, int from, int to) throws IOException {
        int run = from;
        int i = from;
        while (i < to && fault.isEmpty() && state != State.END) {
            if (state == State.TEXT || state == State.LINE_START && octets[i] != '.') {
                i = skipText(octets, i, to);
                if (i == to) {
                    break;
                }
            }
            boolean kept = step(octets[i]);
            if (!kept) {
                pass(octets, run, i);
                run = i + 1;
            }
            noteLineEnd(i + 1 - run);
            i++;
        }
        if (fault.isEmpty()) {
            pass(octets, run, i);
            lineTooLong |= size - lineStart > maxLine;
        }
        return i;
    }

    /**
     * Ends content that came by count. A last line without CRLF gets one, because a message is made of lines.
     */
    public void finish() throws IOException {
        if (state == State.CR) {
            fault = Optional.of(Fault.BARE_CR);
        } else if (state == State.TEXT) {
            pass(new byte[]{'\r', '\n'}, 0, 2);
        }
        state = State.END;
    }

    /** Whether an octet can stand anywhere in a line. */
    static boolean isText(byte octet) {
        return octet > '\r' || octet < 0 || octet != '\r' && octet != '\n' && octet != 0;
    }

    private int skipText(byte[] octets, int from, int to) {
        int i = from;
        while (i < to && isText(octets[i])) {
            i++;
        }
        if (i > from) {
            state = State.TEXT;
        }
        return i;
    }

    // one transition; false if the octet is not part of the content
    private boolean step(byte octet) {
        switch (state) {
            case LINE_START -> {
                if (octet == '.' && framing == Framing.DOT) {
                    state = State.DOT;
                    return false;
                }
                text(octet, State.CR);
            }
            case TEXT -> text(octet, State.CR);
            case CR -> afterCr(octet, State.LINE_START);
            case DOT -> {
                text(octet, State.DOT_CR);
                return state != State.DOT_CR;
            }
            case DOT_CR -> {
                afterCr(octet, State.END);
                return false;
            }
            case END -> throw new IllegalStateException("the content has ended");
        }
        return true;
    }

    private void text(byte octet, State afterCr) {
        switch (octet) {
            case '\r' -> state = afterCr;
            case '\n' -> fault = Optional.of(Fault.BARE_LF);
            case 0 -> fault = Optional.of(Fault.NUL);
            default -> state = State.TEXT;
        }
    }

    private void afterCr(byte octet, State afterLf) {
        if (octet == '\n') {
            state = afterLf;
        } else {
            fault = Optional.of(Fault.BARE_CR);
        }
    }

    private void noteLineEnd(int pendingRun) {
        if (state == State.LINE_START) {
            long end = size + pendingRun;
            lineTooLong |= end - lineStart > maxLine;
            lineStart = end;
        }
    }

    private void pass(byte[] octets, int from, int to) throws IOException {
        if (to > from) {
            size += to - from;
            sink.write(octets, from, to - from);
        }
    }
}
