package org.staffetta.spool.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Exchange;
import org.staffetta.api.spool.Spool;
import org.staffetta.api.spool.SpoolException;
import org.staffetta.api.spool.Tally;

/**
 * A folder's spool that is opened in the background: a million messages take their time to read, and a predecessor that is being
 * replaced must let go of the folder first. Who comes earlier waits, for a while.
 */
final class FolderSpool implements Spool, AutoCloseable {

    private static final long LOCK_MILLIS = 50;
    private static final long RETRY_MILLIS = 5000;

    private final Path folder;
    private final Supplier<Settings> settings;
    private final InstantSource clock;
    private final Alarm alarm;
    private final long patienceMillis;
    private final CompletableFuture<FileSpool> opened = new CompletableFuture<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread opener;
    private @Nullable FolderLock lock;
    private String trouble = "";

    /**
     * Takes the folder if it is free and begins to open it.
     *
     * @param patienceMillis how long a caller waits for the spool to be open before he is told to come back
     * @throws IOException if the folder cannot be used or another server uses it
     */
    FolderSpool(Path folder, Supplier<Settings> settings, InstantSource clock, Alarm alarm, long patienceMillis)
            throws IOException {
        this.folder = folder;
        this.settings = settings;
        this.clock = clock;
        this.alarm = alarm;
        this.patienceMillis = patienceMillis;
        LocalDisk disk = new LocalDisk(folder);
        this.lock = FolderLock.take(folder);
        this.opener = Thread.ofPlatform().name("spool-open").daemon().start(() -> open(disk));
    }

    @Override
    public Draft draft() throws SpoolException {
        return spool().draft();
    }

    @Override
    public Claim take() throws InterruptedException {
        try {
            return opened.get().take();
        } catch (ExecutionException e) {
            throw new InterruptedException("the spool is closed");
        }
    }

    @Override
    public Optional<Claim> claim(String id) throws IOException {
        return spool().claim(id);
    }

    @Override
    public Optional<Entry> find(String id) throws IOException {
        return spool().find(id);
    }

    @Override
    public Stream<Entry> entries() {
        try {
            return spool().entries();
        } catch (SpoolException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public long size() {
        FileSpool spool = opened.isCompletedExceptionally() ? null : opened.getNow(null);
        return spool == null ? 0 : spool.size();
    }

    @Override
    public Tally tally() throws IOException {
        return spool().tally();
    }

    @Override
    public Exchange exchange() {
        return new LateExchange(() -> spool().exchange());
    }

    /** Closes the spool and lets go of the folder. */
    @Override
    public void close() {
        closing.countDown();
        boolean interrupted = false;
        while (opener.isAlive()) {
            try {
                opener.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (!opened.completeExceptionally(Replies.closed())) {
            opened.join().close();
        }
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            alarm.raise("the folder " + folder + " could not be let go: " + e.getMessage());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private FileSpool spool() throws SpoolException {
        try {
            return opened.get(patienceMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException notThere) {
            throw Replies.closed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Replies.closed();
        }
    }

    private void open(Disk disk) {
        boolean open = false;
        boolean stop = false;
        while (!open && !stop) {
            open = tryOpen(disk);
            stop = !open && waited(lock == null ? LOCK_MILLIS : RETRY_MILLIS);
        }
    }

    private boolean tryOpen(Disk disk) {
        try {
            if (lock == null) {
                lock = FolderLock.take(folder);
            }
            return lock != null && opened.complete(FileSpool.open(disk, settings, clock, alarm));
        } catch (IOException | RuntimeException e) {
            if (!trouble.equals(e.toString())) {
                alarm.raise("the spool in " + folder + " cannot be opened, it is tried again: " + e.getMessage());
            }
            trouble = e.toString();
            return false;
        }
    }

    private boolean waited(long millis) {
        try {
            return closing.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }
}
