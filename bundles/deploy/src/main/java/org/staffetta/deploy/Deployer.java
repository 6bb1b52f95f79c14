package org.staffetta.deploy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.staffetta.api.deploy.DeploymentException;

/** The operations: the folder, what runs, and what is kept are brought in line. Used by one thread, but for {@link #earlier}. */
final class Deployer {

    private final Stage stage;
    private final Live live;
    private final Folder folder;
    private final Shelf shelf;
    private final History history;
    private final Probation probation;
    private final Supplier<Settings> settings;

    Deployer(Stage stage, Live live, Folder folder, Shelf shelf, History history, Probation probation,
            Supplier<Settings> settings) {
        this.stage = stage;
        this.live = live;
        this.folder = folder;
        this.shelf = shelf;
        this.history = history;
        this.probation = probation;
        this.settings = settings;
    }

    /** Brings in a jar that is not in the folder yet. Returns its name there. */
    String place(Path source, Naming.Placing placing, Steps steps) throws DeploymentException {
        return during(steps, () -> {
            Jar jar = take(source, steps);
            String file = new Naming(live, folder).place(jar, placing);
            steps.into(file);
            bring(jar, file, steps, keep(jar, file, steps));
            return file;
        });
    }

    /**
     * Brings in what is in the folder.
     *
     * @throws IncompleteException if it is no whole jar; this is not told to anybody else yet
     */
    void follow(String file, Steps steps) throws DeploymentException {
        during(steps, () -> {
            bring(take(folder.file(file), steps), file, steps, () -> {});
            return file;
        });
    }

    /** Brings in what served last from a jar in the folder that cannot serve now, if anything did. */
    void fallBack(String file, Steps steps) throws DeploymentException {
        Optional<Jar> last = history.lastGood(file).flatMap(past -> shelf.find(past.name(), past.digest()));
        if (last.isPresent()) {
            during(steps, () -> {
                steps.of(last.get());
                bring(last.get(), file, steps, () -> {});
                return file;
            });
        }
    }

    /** Takes out what was taken out of the folder, or takes it out of there too. */
    void remove(String file, Steps steps) throws DeploymentException {
        during(steps, () -> {
            takeOut(file, steps);
            return file;
        });
    }

    /** Goes back to the version before, or to one that is named. */
    void rollback(String file, Optional<String> version, Steps steps) throws DeploymentException {
        during(steps, () -> {
            Optional<Past> target = version.isEmpty()
                    ? below(file).findFirst()
                    : earlier(file).stream().filter(past -> past.version().equals(version.get())).findFirst();
            if (target.isPresent()) {
                back(file, target.get(), steps);
            } else if (version.isEmpty() && live.of(file).flatMap(live::pushedAside).isPresent()) {
                takeOut(file, steps);
            } else {
                throw new DeploymentException("no " + version.map(text -> "version " + text).orElse("earlier version")
                        + " of " + file + " is kept" + kept(file));
            }
            return file;
        });
    }

    /** The versions that have served from a jar and are kept: those before the present one, the last first, then those that were rolled back. */
    List<Past> earlier(String file) {
        Stream<Past> above = history.all().reversed().stream()
                .filter(past -> past.succeeded() && past.file().equals(file));
        return Stream.concat(below(file), above).filter(past -> isKept(file, past))
                .collect(Collectors.toMap(Past::digest, past -> past, (a, b) -> a,
                        LinkedHashMap::new))
                .values().stream().toList();
    }

    /** An operation failed before it began. */
    void refuse(Steps steps, String reason) {
        note(steps.failed(reason));
    }

    private Stream<Past> below(String file) {
        return history.stack(file).reversed().stream().filter(past -> isKept(file, past));
    }

    private boolean isKept(String file, Past past) {
        return !live.digest(file).filter(past.digest()::equals).isPresent()
                && shelf.holds(past.name(), past.digest());
    }

    private Jar take(Path source, Steps steps) throws DeploymentException {
        Jar jar = shelf.take(source);
        steps.of(jar);
        steps.done("read", jar.name() + " " + jar.version() + ", sha256 " + jar.digest());
        return jar;
    }

    private Stage.Keeping keep(Jar jar, String file, Steps steps) {
        return () -> {
            folder.put(file, jar.path());
            steps.done("keep", "as deploy/" + file);
        };
    }

    private void bring(Jar jar, String file, Steps steps, Stage.Keeping keeping) throws DeploymentException {
        checkSignature(jar, steps);
        Optional<Bundle> present = live.of(file);
        Optional<Bundle> other = present.filter(bundle -> !jar.name().equals(bundle.getSymbolicName()));
        Optional<Bundle> old = present.filter(bundle -> other.isEmpty())
                .or(() -> live.filesOf(jar.name()).isEmpty() ? live.own(jar.name()) : Optional.empty());
        Bundle fresh = stage.bring(jar, file, old, settings.get().startTimeout(), steps, keeping);
        live.put(file, fresh);
        boolean isUpdate = old.isPresent() && !steps.action().equals(Watcher.START);
        probation.begin(file, isUpdate ? Optional.of(fresh) : Optional.empty(), settings.get().rollbackWithin());
        if (other.isPresent()) {
            goOrGiveWay(other.get(), steps, () -> {});
        }
    }

    private void checkSignature(Jar jar, Steps steps) throws DeploymentException {
        Optional<Path> store = settings.get().trustStore();
        if (store.isPresent()) {
            String signer = TrustStore.read(store.get(), settings.get().trustPassword()).check(jar.path());
            steps.done("signature", "by " + signer);
        }
    }

    private void back(String file, Past target, Steps steps) throws DeploymentException {
        Jar jar = shelf.find(target.name(), target.digest()).orElseThrow(
                () -> new DeploymentException("the jar of version " + target.version() + " is not there any more"));
        steps.of(jar);
        steps.done("read", jar.name() + " " + jar.version() + ", which served since " + target.time());
        bring(jar, file, steps, keep(jar, file, steps));
        probation.end(file);
    }

    private void takeOut(String file, Steps steps) throws DeploymentException {
        Optional<Bundle> bundle = live.of(file);
        if (bundle.isPresent()) {
            steps.of(bundle.get(), live.digest(file).orElse(""));
            goOrGiveWay(bundle.get(), steps, () -> folder.delete(file));
        } else {
            folder.delete(file);
        }
        live.remove(file);
        probation.end(file);
    }

    private void goOrGiveWay(Bundle bundle, Steps steps, Stage.Keeping keeping) throws DeploymentException {
        Optional<Bundle> own = live.pushedAside(bundle);
        if (own.isPresent()) {
            stage.bringBack(own.get(), bundle, settings.get().startTimeout(), steps, keeping);
        } else {
            keeping.keep();
            steps.done("leave", "it goes when it has ended what it has begun");
            stage.retire(bundle, steps);
        }
    }

    private String kept(String file) {
        List<String> kept = earlier(file).stream().map(Past::version).distinct().toList();
        return kept.isEmpty() ? "" : "; there is " + String.join(", ", kept);
    }

    private interface Work {
        String run() throws DeploymentException;
    }

    private String during(Steps steps, Work work) throws DeploymentException {
        try {
            String file = work.run();
            note(steps.succeeded());
            return file;
        } catch (IncompleteException e) {
            throw e;
        } catch (DeploymentException e) {
            note(steps.failed(String.valueOf(e.getMessage())));
            throw e;
        } catch (RuntimeException | LinkageError e) {
            // a bug of ours, or of the framework: whoever asked is to know, and the next operation is to run
            note(steps.failed("an error in the server: " + e));
            throw new DeploymentException("an error in the server: " + e, e);
        }
    }

    // what is found at each start is no news
    private void note(Past past) {
        boolean asBefore = past.action().equals(Watcher.START) && past.succeeded()
                && history.lastGood(past.file()).map(Past::digest).filter(past.digest()::equals).isPresent();
        if (!asBefore) {
            history.add(past);
        }
        if (!past.name().isEmpty()) {
            Stream<String> running = live.filesOf(past.name()).stream().flatMap(file -> live.digest(file).stream());
            Stream<String> last = history.digests(past.name()).stream().limit(settings.get().keep());
            shelf.keep(past.name(), Stream.concat(running, last).toList());
        }
    }
}
