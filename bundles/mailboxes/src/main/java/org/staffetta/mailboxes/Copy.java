package org.staffetta.mailboxes;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.staffetta.api.mailbox.Mailbox;
import org.staffetta.api.mailbox.Mailbox.Stored;

/**
 * Moves one message: the copy is made, read back and compared before the original is removed. Whatever ends it half way, the original is there or the
 * copy is whole; done again, nothing is doubled.
 */
final class Copy {

    private final Original original;
    private final Mailbox source;
    private final Mailbox target;

    private Copy(Stored original, Mailbox source, Mailbox target) {
        this.original = new Original(original);
        this.source = source;
        this.target = target;
    }

    /**
     * Moves a message, which nobody else moves at the same time.
     *
     * @return false if it was gone, or another program took it away meanwhile
     * @throws IOException if it could not be moved: it is still where it was
     */
    static boolean move(Stored original, Mailbox source, Mailbox target) throws IOException {
        return new Copy(original, source, target).move();
    }

    private boolean move() throws IOException {
        if (!isThere()) {
            return false;
        }
        Optional<Stored> copy = verifiedCopy();
        if (copy.isEmpty()) {
            return false;
        }
        if (original.stored.delete()) {
            return true;
        }
        copy.get().delete();
        return false;
    }

    // what was listed may have gone before its turn came
    private boolean isThere() throws IOException {
        try {
            original.flags();
            return true;
        } catch (IOException failed) {
            if (source.find(original.id()).isPresent()) {
                throw failed;
            }
            return false;
        }
    }

    private Optional<Stored> verifiedCopy() throws IOException {
        try {
            return Optional.of(adopted());
        } catch (IOException failed) {
            // it was there, and we have not removed it: whoever did did not know of the copy
            if (source.find(original.id()).isEmpty()) {
                discard();
                return Optional.empty();
            }
            if (!original.measure()) {
                throw failed;
            }
            return Optional.of(adopted());
        }
    }

    private Stored adopted() throws IOException {
        Stored copy = target.adopt(original);
        verify(copy);
        // another program may have flagged it while it was copied
        return original.stored.flags().equals(original.flags) ? copy : target.adopt(original);
    }

    private void discard() throws IOException {
        Optional<Stored> copy = target.find(original.id());
        if (copy.isPresent()) {
            copy.get().delete();
        }
    }

    private void verify(Stored copy) throws IOException {
        byte[] wanted = original.digest.length > 0 ? original.digest : digest(original.stored);
        if (copy.size() != original.size() || !Arrays.equals(wanted, digest(copy))) {
            throw new IOException("the copy of message " + original.id() + " is not what the original is");
        }
    }

    private static byte[] digest(Stored stored) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(stored.open(), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java has SHA-256", absent);
        }
    }

    /** Notes what was read of it, so that it need not be read once more. */
    private static final class Original implements Stored {

        private final Stored stored;
        private byte[] digest = {};
        private Set<String> flags = Set.of();
        private long size;

        Original(Stored stored) {
            this.stored = stored;
            this.size = stored.size();
        }

        /** Counts its octets; false if there are as many as it says. Some programs write a wrong size into a file's name. */
        boolean measure() throws IOException {
            long told = size;
            try (InputStream in = stored.open()) {
                size = in.transferTo(OutputStream.nullOutputStream());
            }
            return size != told;
        }

        @Override
        public String id() {
            return stored.id();
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public Instant delivered() {
            return stored.delivered();
        }

        @Override
        public Set<String> flags() throws IOException {
            flags = stored.flags();
            return flags;
        }

        @Override
        public InputStream open() throws IOException {
            MessageDigest running = sha256();
            return new FilterInputStream(new DigestInputStream(stored.open(), running)) {

                @Override
                public int read() throws IOException {
                    return noted(super.read());
                }

                @Override
                public int read(byte[] octets, int offset, int length) throws IOException {
                    return noted(super.read(octets, offset, length));
                }

                // only who has come to the end has read the whole
                private int noted(int read) {
                    if (read < 0 && digest.length == 0) {
                        digest = running.digest();
                    }
                    return read;
                }
            };
        }

        @Override
        public boolean delete() throws IOException {
            throw new UnsupportedOperationException("who adopts does not delete");
        }
    }
}
