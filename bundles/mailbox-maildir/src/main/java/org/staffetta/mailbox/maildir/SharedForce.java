package org.staffetta.mailbox.maildir;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Forces directories; all who ask for the same one while a force of it runs share the next.
 *
 * <p>The first who asks leads: it waits for its turn, closes the batch to those who come later, forces, and tells the others. What a
 * member of the batch did before it asked is therefore covered by that force. A leader that is interrupted takes nobody down: one of the others
 * leads instead. A force that fails, fails for all of its batch, and is not repeated for them: the next one would lie.
 */
final class SharedForce {

    private static final int TURNS = 64;

    private final ConcurrentHashMap<Object, Batch> gathering = new ConcurrentHashMap<>();
    private final ReentrantLock[] turns = new ReentrantLock[TURNS];

    SharedForce() {
        for (int i = 0; i < TURNS; i++) {
            turns[i] = new ReentrantLock();
        }
    }

    /** Returns when the names in the directory are on the disk. */
    void force(Folder folder) throws IOException {
        Object key = folder.key();
        while (true) {
            Batch own = new Batch();
            Batch joined = gathering.putIfAbsent(key, own);
            if (joined == null) {
                lead(own, key, folder);
                return;
            }
            if (joined.await()) {
                return;
            }
        }
    }

    private void lead(Batch batch, Object key, Folder folder) throws IOException {
        ReentrantLock turn = turns[Math.floorMod(key.hashCode(), TURNS)];
        turn.lock();
        try {
            gathering.remove(key, batch);
            folder.force();
            batch.end(Result.FORCED, null);
        } catch (ClosedByInterruptException interrupted) {
            batch.end(Result.ABANDONED, null);
            throw interrupted;
        } catch (IOException failed) {
            batch.end(Result.FAILED, failed);
            throw failed;
        } finally {
            // whatever else was thrown, nobody is left waiting
            batch.end(Result.ABANDONED, null);
            turn.unlock();
        }
    }

    private enum Result {
        FORCED, FAILED, ABANDONED
    }

    private static final class Batch {

        private final CountDownLatch over = new CountDownLatch(1);
        private volatile Result result = Result.ABANDONED;
        private volatile @Nullable IOException failure;

        void end(Result how, @Nullable IOException why) {
            if (over.getCount() > 0) {
                result = how;
                failure = why;
                over.countDown();
            }
        }

        /** True if the directory was forced, false if the leader gave up. */
        boolean await() throws IOException {
            try {
                over.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while a directory was being forced");
            }
            if (result == Result.FAILED) {
                throw new IOException("a directory could not be forced to the disk", failure);
            }
            return result == Result.FORCED;
        }
    }
}
