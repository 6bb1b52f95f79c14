package org.staffetta.smtp;

import java.io.ByteArrayOutputStream;
import java.io.Flushable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.staffetta.api.mail.Reply;

/**
 * The outgoing half of an SMTP server's connection: replies (RFC 5321 section 4.2), each line with its enhanced status code (RFC 2034 section
 * 4). They are held back until {@link #flush} or until they are many.
 *
 * <p>What is not ASCII becomes a question mark; a line that is too long goes on in the next.
 */
public final class ReplyWriter implements Flushable {

    // 512 octets with code, status and CRLF (RFC 5321 section 4.5.3.1.5); "550-5.999.999 " and CRLF take 16
    private static final int MAX_TEXT = 496;
    private static final int FLUSH_AT = 4096;

    private final OutputStream out;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream(128);
    private long written;

    /** Writes to a stream, not buffered. */
    public ReplyWriter(OutputStream out) {
        this.out = out;
    }

    /** Says one reply, soon. */
    public void write(Reply reply) throws IOException {
        held.writeBytes(encode(reply));
        if (held.size() >= FLUSH_AT) {
            flush();
        }
    }

    /** Octets that have left. */
    public long written() {
        return written;
    }

    @Override
    public void flush() throws IOException {
        if (held.size() == 0) {
            return;
        }
        byte[] octets = held.toByteArray();
        held.reset();
        out.write(octets);
        out.flush();
        written += octets.length;
    }

    /** The reply as it stands on the wire, with its last CRLF. */
    public static byte[] encode(Reply reply) {
        String status = reply.status().isEmpty() ? "" : reply.status() + " ";
        StringBuilder wire = new StringBuilder(64);
        String text = reply.text();
        int start = 0;
        boolean last;
        do {
            int newline = text.indexOf('\n', start);
            int lineEnd = newline < 0 ? text.length() : newline;
            int end = Math.min(lineEnd, start + MAX_TEXT);
            last = end == text.length();
            wire.append(reply.code()).append(last ? ' ' : '-').append(status).append(text, start, end).append("\r\n");
            start = end == newline ? end + 1 : end;
        } while (!last);
        return wire.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
