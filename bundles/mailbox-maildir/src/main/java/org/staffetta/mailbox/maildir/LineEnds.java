package org.staffetta.mailbox.maildir;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Line ends between the wire and the disk.
 *
 * <p>To the disk, CRLF becomes LF. Back, LF becomes CRLF unless a CR stands before it already, which some programs write. So that
 * every message comes back octet for octet, a CRLF that follows another CR is written as it is.
 */
final class LineEnds {

    private LineEnds() {}

    /** Counts and converts what is on its way to the disk. For one thread. */
    static final class ToDisk {

        private boolean heldCr;
        private boolean crBeforeIt;

        /** Converts some octets; the output must have room for one octet more than the input has. */
        void convert(byte[] in, int offset, int length, ByteBuffer out) {
            for (int i = offset; i < offset + length; i++) {
                octet(in[i], out);
            }
        }

        /** Puts out what was held back at the end. */
        void end(ByteBuffer out) {
            if (heldCr) {
                out.put((byte) '\r');
                heldCr = false;
            }
        }

        // a CR is held until what follows is known
        private void octet(byte b, ByteBuffer out) {
            if (heldCr && (b != '\n' || crBeforeIt)) {
                out.put((byte) '\r');
            }
            boolean cr = b == '\r';
            crBeforeIt = cr && heldCr;
            heldCr = cr;
            if (!cr) {
                out.put(b);
            }
        }
    }

    /** What is on the disk, with CRLF. */
    static final class FromDisk extends FilterInputStream {

        private static final int CHUNK = 8192;

        private final byte[] chunk = new byte[CHUNK];
        private int position;
        private int limit;
        private int last;
        private boolean owesLf;

        FromDisk(InputStream disk) {
            super(disk);
        }

        @Override
        public int read() throws IOException {
            if (owesLf) {
                owesLf = false;
                last = '\n';
                return last;
            }
            if (position == limit && !fill()) {
                return -1;
            }
            int b = chunk[position++] & 0xff;
            if (b == '\n' && last != '\r') {
                owesLf = true;
                b = '\r';
            }
            last = b;
            return b;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = 0;
            // never blocks for more than the first octet needs
            while (count < length && (count == 0 || owesLf || position < limit)) {
                int b = read();
                if (b < 0) {
                    break;
                }
                target[offset + count++] = (byte) b;
            }
            return count == 0 && length > 0 ? -1 : count;
        }

        @Override
        public long skip(long count) throws IOException {
            long skipped = 0;
            while (skipped < count && read() >= 0) {
                skipped++;
            }
            return skipped;
        }

        @Override
        public int available() {
            return limit - position;
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        private boolean fill() throws IOException {
            position = 0;
            limit = Math.max(0, in.read(chunk, 0, CHUNK));
            return limit > 0;
        }
    }
}
