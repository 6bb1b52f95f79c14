package org.staffetta.smtp.client;

import java.io.IOException;
import java.io.InputStream;

/**
 * Turns a message into what follows 354: lines that begin with a dot get another (RFC 5321 section 4.5.2), and a lone dot
 * ends it. Only CRLF ends a line; an octet that some server might take for a line end never leaves here.
 */
final class DataEncoder {

    private static final int BLOCK = 16_384;
    private static final byte[] DOT = {'.'};
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] END = {'.', '\r', '\n'};

    private final Sink sink;
    private boolean atLineStart = true;
    private boolean afterCr;
    private long position;

    DataEncoder(Sink sink) {
        this.sink = sink;
    }

    /** Where the octets go. */
    @FunctionalInterface
    interface Sink {
        void write(byte[] octets, int from, int length) throws IOException;
    }

    /** Writes the message and its end; returns how many octets the message had. */
    long encode(InputStream message) throws IOException {
        byte[] block = new byte[BLOCK];
        int length = read(message, block);
        while (length >= 0) {
            encode(block, length);
            position += length;
            length = read(message, block);
        }
        if (afterCr) {
            throw bad("a bare CR", position - 1);
        }
        if (!atLineStart) {
            // the end of data begins with the CRLF of the last line, so there must be one (RFC 5321 section 4.1.1.4)
            write(CRLF);
        }
        write(END);
        return position;
    }

    private static int read(InputStream message, byte[] block) throws UnreadableMessageException {
        try {
            return message.read(block);
        } catch (IOException e) {
            throw new UnreadableMessageException(e);
        }
    }

    private void encode(byte[] block, int length) throws IOException {
        int from = 0;
        if (afterCr && length > 0 && block[0] == '\n') {
            // the CR was held back at the end of the last block: it is not sent without its LF
            write(CRLF);
            atLineStart = true;
            afterCr = false;
            from = 1;
        }
        for (int i = from; i < length; i++) {
            byte octet = block[i];
            check(octet, position + i);
            if (octet == '.' && atLineStart) {
                sink.write(block, from, i - from);
                write(DOT);
                from = i;
            }
            atLineStart = octet == '\n';
            afterCr = octet == '\r';
        }
        sink.write(block, from, length - from - (afterCr ? 1 : 0));
    }

    private void check(byte octet, long at) throws UnsendableMessageException {
        if (afterCr && octet != '\n') {
            throw bad("a bare CR", at - 1);
        }
        if (octet == '\n' && !afterCr) {
            throw bad("a bare LF", at);
        }
        // servers are known that drop NUL, and see a lone dot in CRLF NUL "." CRLF
        if (octet == 0) {
            throw bad("a NUL", at);
        }
    }

    private void write(byte[] octets) throws IOException {
        sink.write(octets, 0, octets.length);
    }

    private static UnsendableMessageException bad(String what, long at) {
        return new UnsendableMessageException("the message has " + what + " at octet " + at);
    }
}
