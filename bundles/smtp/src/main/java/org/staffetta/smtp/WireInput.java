package org.staffetta.smtp;

import java.io.Flushable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The incoming half of an SMTP connection: lines while commands are spoken, content between them.
 *
 * <p>Keeps a small buffer, since most connections are idle most of the time; a long line or content gets a bigger one for as long
 * as it lasts. Before each read that may wait, the outgoing half is flushed: so answers to a pipelined group leave together, and
 * no peer waits for an answer that we hold back.
 */
public final class WireInput {

    private static final int IDLE_SIZE = 1024;
    private static final int CONTENT_SIZE = 16 * 1024;

    private final InputStream source;
    private final Flushable answers;
    private byte[] buffer = new byte[IDLE_SIZE];
    private int from;
    private int to;

    /**
     * Reads from a stream.
     *
     * @param source where octets come from, not buffered
     * @param answers flushed before each read from the source
     */
    public WireInput(InputStream source, Flushable answers) {
        this.source = source;
        this.answers = answers;
    }

    /** The next octet without taking it, -1 if the peer has closed its side. Waits for it. */
    public int peek() throws IOException {
        return from < to || fill(IDLE_SIZE) ? buffer[from] & 0xff : -1;
    }

    /** Whether there are octets here that can be read without asking the source. */
    public boolean buffered() {
        return from < to;
    }

    /** Whether the peer has sent what was not read yet. Does not wait. */
    public boolean pending() throws IOException {
        return from < to || source.available() > 0;
    }

    /**
     * Reads one line. Waits for all of it.
     *
     * @param limit octets that the line may have with its CRLF
     */
    public Line line(int limit) throws IOException {
        boolean tooLong = false;
        int length = 0;
        while (true) {
            length = textLength(length);
            if (length + 2 > limit) {
                tooLong = true;
                from += length;
                length = 0;
            }
            boolean needsMore = from + length == to || buffer[from + length] == '\r' && from + length + 1 == to;
            if (needsMore && !more()) {
                return new Line.End();
            }
            if (!needsMore) {
                return endOfText(length, tooLong);
            }
        }
    }

    /**
     * Hands octets to a decoder: those that are here, or if there are none, those that come next.
     *
     * @param limit how many at most
     * @return how many it took, -1 if the peer has closed its side
     */
    public int feed(ContentDecoder decoder, long limit) throws IOException {
        if (from == to && !fill(CONTENT_SIZE)) {
            return -1;
        }
        int start = from;
        from = decoder.decode(buffer, start, start + (int) Math.min(limit, to - start));
        return from - start;
    }

    /**
     * Throws octets away.
     *
     * @param limit how many at most
     * @return how many there were, at least one; -1 if the peer has closed its side
     */
    public int skip(long limit) throws IOException {
        if (from == to && !fill(CONTENT_SIZE)) {
            return -1;
        }
        int count = (int) Math.min(limit, to - from);
        from += count;
        return count;
    }

    // what stands at from + length is not text; length counts the text before it
    private Line endOfText(int length, boolean tooLong) {
        byte end = buffer[from + length];
        if (end != '\r') {
            return new Line.Broken(end == '\n' ? Fault.BARE_LF : Fault.NUL);
        }
        if (buffer[from + length + 1] != '\n') {
            return new Line.Broken(Fault.BARE_CR);
        }
        Line line = tooLong ? new Line.TooLong() : text(from, length);
        from += length + 2;
        return line;
    }

    private int textLength(int known) {
        int i = from + known;
        while (i < to && ContentDecoder.isText(buffer[i])) {
            i++;
        }
        return i - from;
    }

    private Line text(int start, int length) {
        try {
            return new Line.Text(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(buffer, start, length)).toString());
        } catch (CharacterCodingException notUtf8) {
            return new Line.Malformed();
        }
    }

    // adds to a line that is here in part
    private boolean more() throws IOException {
        if (from == to) {
            return fill(IDLE_SIZE);
        }
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * to);
        }
        return read();
    }

    // begins anew with an empty buffer of this size
    private boolean fill(int size) throws IOException {
        from = 0;
        to = 0;
        if (buffer.length != size) {
            buffer = new byte[size];
        }
        return read();
    }

    private boolean read() throws IOException {
        answers.flush();
        int count = source.read(buffer, to, buffer.length - to);
        to += Math.max(count, 0);
        return count > 0;
    }
}
