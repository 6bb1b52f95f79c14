package org.staffetta.tls;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;

/** An identity whose files are looked at again and again. For one thread, but for what is said of it. */
final class LiveIdentity {

    // a renewal writes chain and key one after the other; in between they do not fit
    private static final int LOOKS_BEFORE_COMPLAINT = 3;

    private final String name;
    private final IdentityFiles files;
    private final Path folder;
    private final InstantSource clock;
    private Object state = new Object();
    private int failures;
    private volatile Optional<Identity> current;
    private volatile String problem = "";

    /**
     * Names it.
     *
     * @param folder relative files are in
     * @param before what serves until these files can be read
     */
    LiveIdentity(String name, IdentityFiles files, Path folder, InstantSource clock, Optional<Identity> before) {
        this.name = name;
        this.files = files;
        this.folder = folder;
        this.clock = clock;
        this.current = before;
    }

    /** What happened when the files were looked at. */
    enum Look {
        /** Nothing. */
        SAME,
        /** There is another identity. */
        CHANGED,
        /** They are of no use: {@link #problem} has become known. */
        BROKEN
    }

    String name() {
        return name;
    }

    IdentityFiles files() {
        return files;
    }

    /** That in force; empty if there never was a good one. */
    Optional<Identity> current() {
        return current;
    }

    /** What is wrong with the files; empty if nothing is. */
    String problem() {
        return problem;
    }

    /** Looks at the files, and takes what is new and good. */
    Look look() {
        try {
            Object now = files.state(folder);
            if (now.equals(state) && failures == 0) {
                return Look.SAME;
            }
            Identity read = files.read(folder, name);
            requireUseful(read);
            boolean same = current.filter(one -> one.chain().equals(read.chain())).isPresent();
            current = Optional.of(read);
            state = now;
            failures = 0;
            problem = "";
            return same ? Look.SAME : Look.CHANGED;
        } catch (NoSuchFileException missing) {
            return failed("there is no file " + missing.getFile());
        } catch (IOException unreadable) {
            return failed("it cannot be read: " + unreadable.getMessage());
        } catch (IllegalArgumentException useless) {
            return failed(Objects.toString(useless.getMessage()));
        }
    }

    // one that is over is better than none, but not better than another
    private void requireUseful(Identity read) {
        Instant now = clock.instant();
        if (read.until().isBefore(now) && current.filter(one -> one.until().isAfter(now)).isPresent()) {
            throw new IllegalArgumentException("the certificate was over at " + read.until());
        }
    }

    private Look failed(String what) {
        failures++;
        boolean told = failures == LOOKS_BEFORE_COMPLAINT || failures == 1 && current.isEmpty();
        if (told || failures > LOOKS_BEFORE_COMPLAINT) {
            problem = files + ": " + what;
        }
        return told ? Look.BROKEN : Look.SAME;
    }
}
