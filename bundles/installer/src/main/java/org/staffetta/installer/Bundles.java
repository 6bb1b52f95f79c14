package org.staffetta.installer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.installer.Feature.Part;

/**
 * Keeps the installed bundles equal to what the features name.
 *
 * <p>One caller at a time. A call may last as long as a bundle takes to stop, which is as long as its transactions take to end.
 */
final class Bundles {
    private static final Logger LOG = LoggerFactory.getLogger(Bundles.class);
    private static final String DEPLOYED = "deploy:"; // how the deploy bundle begins the location of what it installs

    private final BundleContext context;
    private final Path folder;
    private final Map<String, Feature> features = new LinkedHashMap<>();
    private final Map<String, Bundle> installed = new HashMap<>(); // by the jar's name
    private final Map<String, String> problems = new LinkedHashMap<>(); // by the jar's name: why it does not run
    private final Set<Long> tried = new HashSet<>(); // ids of bundles that were started at least once

    Bundles(BundleContext context, Path folder) {
        this.context = context;
        this.folder = folder;
    }

    /** Takes over features that are new or have changed. */
    synchronized void put(Collection<Feature> changed) {
        changed.forEach(feature -> features.put(feature.file(), feature));
        follow();
    }

    /** Lets go of a feature. */
    synchronized void remove(String file) {
        if (features.remove(file) != null) {
            follow();
        }
    }

    /** Somebody uninstalled a bundle: it is installed again if a feature names it. */
    synchronized void uninstalled(Bundle bundle) {
        if (installed.values().remove(bundle)) {
            follow();
        }
    }

    /**
     * Starts all that do not run yet, and reports those that cannot.
     *
     * @return a line for each bundle that does not run
     */
    synchronized List<String> settle() {
        // a bundle may start only after a later one has: once more as long as there is progress
        boolean progress = true;
        while (progress) {
            progress = false;
            for (Part part : wanted()) {
                progress |= start(part.jar());
            }
        }
        return problems.entrySet().stream().map(p -> p.getKey() + ": " + p.getValue()).toList();
    }

    private void follow() {
        List<Part> wanted = wanted();
        wanted.forEach(this::install);
        settle();
        uninstallAllBut(wanted);
    }

    /** All parts of all features, those that start first first; of one that two features name, the lower start level counts. */
    private List<Part> wanted() {
        Map<String, Part> parts = new LinkedHashMap<>();
        for (Feature feature : features.values()) {
            feature.parts().forEach(p -> parts.merge(p.jar(), p, (a, b) -> a.startLevel() <= b.startLevel() ? a : b));
        }
        return parts.values().stream().sorted(Comparator.comparingInt(Part::startLevel)).toList();
    }

    private void install(Part part) {
        Bundle bundle = installed.computeIfAbsent(part.jar(), jar -> installed(part));
        // to set it is to have the framework try to start the bundle, and complain in its own way
        if (bundle != null && startLevel(part.jar()) != part.startLevel()) {
            bundle.adapt(BundleStartLevel.class).setStartLevel(part.startLevel());
        }
    }

    private @Nullable Bundle installed(Part part) {
        Path jar = folder.resolve(part.jar());
        try (InputStream content = Files.newInputStream(jar)) {
            return context.installBundle(part.location(), content);
        } catch (NoSuchFileException e) {
            report(part.jar(), namedBy(part) + " names it, but " + jar + " is not there");
        } catch (IOException e) {
            report(part.jar(), jar + " cannot be read: " + e.getMessage());
        } catch (BundleException e) {
            report(part.jar(), "it cannot be installed: " + Reason.of(e));
        }
        return null;
    }

    /** Returns whether it has changed from not running to running. */
    private boolean start(String jar) {
        Bundle bundle = installed.get(jar);
        if (bundle == null || isStarted(bundle) || isStoppedByHand(bundle) || hasStandIn(bundle)) {
            return false;
        }
        tried.add(bundle.getBundleId());
        try {
            bundle.start(Bundle.START_ACTIVATION_POLICY);
            problems.remove(jar);
            return isStarted(bundle);
        } catch (BundleException e) {
            report(jar, Reason.of(e));
            return false;
        }
    }

    /** A start that fails leaves the mark that it should run; only somebody's stop takes it away, and that is to be respected. */
    private boolean isStoppedByHand(Bundle bundle) {
        return tried.contains(bundle.getBundleId()) && !bundle.adapt(BundleStartLevel.class).isPersistentlyStarted();
    }

    /** A bundle of the same name that came from the deploy folder runs in its place; whoever brought that one starts ours again when it goes. */
    private boolean hasStandIn(Bundle bundle) {
        return Arrays.stream(context.getBundles()).anyMatch(other -> isStarted(other)
                && other.getSymbolicName().equals(bundle.getSymbolicName())
                && other.getLocation().startsWith(DEPLOYED));
    }

    private static boolean isStarted(Bundle bundle) {
        boolean fragment = (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
        return fragment || bundle.getState() == Bundle.ACTIVE || bundle.getState() == Bundle.STARTING;
    }

    private void uninstallAllBut(List<Part> wanted) {
        List<String> jars = wanted.stream().map(Part::jar).toList();
        problems.keySet().retainAll(jars);
        List<String> gone = installed.keySet().stream().filter(jar -> !jars.contains(jar))
                .sorted(Comparator.comparingInt(this::startLevel).reversed()).toList();
        gone.forEach(this::uninstall);
        if (!gone.isEmpty()) {
            // whoever was wired to a bundle that is gone gets rewired, and starts again if it can
            context.getBundle(0).adapt(FrameworkWiring.class).refreshBundles(null, event -> settle());
        }
    }

    private int startLevel(String jar) {
        Bundle bundle = installed.get(jar);
        return bundle == null || bundle.getState() == Bundle.UNINSTALLED
                ? 0
                : bundle.adapt(BundleStartLevel.class).getStartLevel();
    }

    private void uninstall(String jar) {
        Bundle bundle = installed.remove(jar);
        try {
            if (bundle != null && bundle.getState() != Bundle.UNINSTALLED) {
                bundle.uninstall();
            }
        } catch (BundleException e) {
            LOG.warn("{} cannot be uninstalled: {}", jar, Reason.of(e));
        }
    }

    /** Says it once for each reason. */
    private void report(String jar, String reason) {
        if (!reason.equals(problems.put(jar, reason))) {
            LOG.warn("{} does not run: {}", jar, reason);
        }
    }

    private String namedBy(Part part) {
        return features.values().stream().filter(f -> f.parts().contains(part)).map(Feature::file).findFirst()
                .orElse("a feature");
    }
}
