package org.staffetta.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets only so many handshakes compute at once. One that waits for the other side steps out meanwhile: so nobody holds up the others by stalling.
 */
final class Turnstile {

    private final Semaphore places;

    Turnstile(int places) {
        this.places = new Semaphore(places, true);
    }

    /** Begins to compute; false if there was no place in time. */
    boolean enter(long nanos) throws InterruptedException {
        return places.tryAcquire(nanos, TimeUnit.NANOSECONDS);
    }

    void leave() {
        places.release();
    }

    /** One handshake's way in and out. It has entered when it is made. */
    final class Passage {

        private volatile boolean over;
        private volatile boolean ended;

        /** Steps out for good. */
        void end() {
            over = true;
            leave();
        }

        /** Whether the other side has said all that it will say. */
        boolean hasEnded() {
            return ended;
        }

        InputStream around(InputStream below) {
            return new In(below);
        }

        OutputStream around(OutputStream below) {
            return new Out(below);
        }

        private void stepOut() {
            if (!over) {
                leave();
            }
        }

        // the time that this takes is bounded by those who are in: they compute, or step out
        private void stepIn() {
            if (!over) {
                places.acquireUninterruptibly();
            }
        }

        private final class In extends InputStream {

            private final InputStream below;

            In(InputStream below) {
                this.below = below;
            }

            @Override
            public int available() throws IOException {
                return below.available();
            }

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] octets, int offset, int length) throws IOException {
                stepOut();
                try {
                    int count = below.read(octets, offset, length);
                    ended |= count < 0;
                    return count;
                } finally {
                    stepIn();
                }
            }
        }

        private final class Out extends OutputStream {

            private final OutputStream below;

            Out(OutputStream below) {
                this.below = below;
            }

            @Override
            public void write(int octet) throws IOException {
                write(new byte[]{(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] octets, int offset, int length) throws IOException {
                stepOut();
                try {
                    below.write(octets, offset, length);
                } finally {
                    stepIn();
                }
            }

            @Override
            public void flush() throws IOException {
                below.flush();
            }
        }
    }
}
