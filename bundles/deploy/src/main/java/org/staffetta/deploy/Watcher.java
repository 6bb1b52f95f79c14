package org.staffetta.deploy;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.deploy.DeploymentException;
import org.staffetta.deploy.Folder.Stamp;

/**
 * Follows the jars in the folder. A file is read when it looks the same twice, and brought in when it is a whole jar whose content is not that of what
 * runs. What was refused is not tried again before it changes; if it lacked something, also when another bundle has come. Used by one thread,
 * but for what says otherwise.
 */
final class Watcher {

    /** The action for what is found at the start. */
    static final String START = "start";

    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);
    private static final String STUCK = "it was taken away, but serves still";
    private static final Duration TO_BE_COMPLETED = Duration.ofSeconds(5);

    private final Folder folder;
    private final Live live;
    private final Deployer deployer;
    private final BiFunction<String, String, Steps> steps;
    private final InstantSource clock;
    private final Map<String, Look> looks = new HashMap<>();
    private final Set<String> missed = new HashSet<>();
    private final Map<String, String> troubles = new ConcurrentHashMap<>();
    private boolean begun;

    /** What was seen of a file, from when on, and what came of it. */
    private static final class Look {
        private final Stamp stamp;
        private final long since = System.nanoTime();
        private String refused; // the digest of what was tried in vain
        private boolean lacksOthers;
        private boolean isDone;
        private boolean wasYoung = true;

        Look(Stamp stamp, String refused) {
            this.stamp = stamp;
            this.refused = refused;
        }
    }

    /**
     * Does nothing yet.
     *
     * @param steps begins an operation: from its action and the file
     */
    Watcher(Folder folder, Live live, Deployer deployer, BiFunction<String, String, Steps> steps,
            InstantSource clock) {
        this.folder = folder;
        this.live = live;
        this.deployer = deployer;
        this.steps = steps;
        this.clock = clock;
    }

    /** Why a jar in the folder does not serve; empty if it does. May be called by any thread. */
    String trouble(String file) {
        return troubles.getOrDefault(file, "");
    }

    /** The jars in the folder that do not serve. May be called by any thread. */
    Set<String> troubled() {
        return new TreeSet<>(troubles.keySet());
    }

    /** Brings in what is there at the start, or if that does not work what has served last. */
    void begin() throws IOException {
        List<String> files = folder.jars();
        for (String file : files) {
            folder.stamp(file).ifPresent(stamp -> looks.put(file, new Look(stamp, "")));
        }
        int before = -1;
        while (before < live.files().size()) {
            // one may need what another one brings
            before = live.files().size();
            for (String file : files) {
                Look look = looks.get(file);
                if (look != null && !look.isDone) {
                    examine(file, look);
                }
            }
        }
        files.stream().filter(file -> live.of(file).isEmpty()).forEach(this::fallBack);
        begun = true;
    }

    /** Looks what has changed. */
    void poll() throws IOException {
        List<String> files = folder.jars();
        files.forEach(this::look);
        missed.removeAll(files);
        Set<String> gone = new TreeSet<>(looks.keySet());
        gone.addAll(live.files());
        files.forEach(gone::remove);
        gone.forEach(this::miss);
    }

    private void look(String file) {
        Optional<Stamp> now = folder.stamp(file);
        Look look = looks.get(file);
        if (now.isEmpty()) {
            return;
        }
        if (look == null || !look.stamp.equals(now.get())) {
            looks.put(file, new Look(now.get(), look == null ? "" : look.refused));
        } else if (!look.isDone || look.wasYoung) {
            look.wasYoung = now.get().isYoung(clock.instant());
            examine(file, look);
        }
    }

    private void examine(String file, Look look) {
        try {
            String digest = Disk.digest(folder.file(file));
            look.isDone = true;
            if (live.digest(file).filter(digest::equals).isPresent()) {
                troubles.remove(file);
            } else if (!digest.equals(look.refused)) {
                follow(file, look, digest);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("{} has gone while it was read", file);
        } catch (IOException e) {
            refuse(file, look, "", "it cannot be read: " + e.getMessage());
        }
    }

    private void follow(String file, Look look, String digest) {
        String action = live.of(file).isPresent() ? "update" : begun ? "install" : START;
        Steps course = steps.apply(action, file);
        try {
            deployer.follow(file, course);
            troubles.remove(file);
            looks.values().stream().filter(other -> other.lacksOthers).forEach(Watcher::tryAgain);
        } catch (IncompleteException e) {
            look.isDone = false;
            if (System.nanoTime() - look.since > TO_BE_COMPLETED.toNanos()) {
                deployer.refuse(course, e.getMessage() + "; it is looked at again when it changes");
                refuse(file, look, digest, String.valueOf(e.getMessage()));
            }
        } catch (DeploymentException e) {
            look.lacksOthers = e instanceof UnresolvedException;
            refuse(file, look, digest, String.valueOf(e.getMessage()));
        }
    }

    private static void tryAgain(Look look) {
        look.lacksOthers = false;
        look.refused = "";
        look.isDone = false;
    }

    private void refuse(String file, Look look, String digest, String reason) {
        look.isDone = true;
        look.refused = digest;
        troubles.put(file, reason);
    }

    private void fallBack(String file) {
        try {
            deployer.fallBack(file, steps.apply(START, file));
        } catch (DeploymentException e) {
            LOG.debug("{} has no version that works", file, e);
        }
    }

    // who writes a file anew may take the old one away first
    private void miss(String file) {
        if (missed.add(file)) {
            return;
        }
        looks.remove(file);
        if (live.of(file).isEmpty()) {
            live.remove(file);
            missed.remove(file);
            troubles.remove(file);
        } else if (!trouble(file).startsWith(STUCK)) {
            remove(file);
        }
    }

    private void remove(String file) {
        try {
            deployer.remove(file, steps.apply("remove", file));
            troubles.remove(file);
            missed.remove(file);
        } catch (DeploymentException e) {
            troubles.put(file, STUCK + ": " + e.getMessage());
        }
    }
}
