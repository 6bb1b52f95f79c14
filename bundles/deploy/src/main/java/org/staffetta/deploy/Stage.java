package org.staffetta.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.deploy.Deployment;
import org.staffetta.api.deploy.DeploymentException;
import org.staffetta.deploy.Jar.Pace;

/**
 * Where a bundle is tried while another version of it serves, and takes over from it. What it does to the framework it can undo, up to the moment in
 * which the new one takes over; nothing fails after that. Used by one thread, but for the ends of old versions.
 */
final class Stage {

    private static final Logger LOG = LoggerFactory.getLogger(Stage.class);
    // filters and the like stop after the listener and before the log; see features/core.json
    private static final int START_LEVEL = 6;
    private static final int MOST_USERS = 3; // that a message names

    private final BundleContext context;
    private final Health health;
    private final Needs needs;
    private final Holding holding;

    /** What makes the change last: the last step that may fail. */
    interface Keeping {
        void keep() throws DeploymentException;
    }

    Stage(BundleContext context, ServiceComponentRuntime components, Holding holding) {
        this.context = context;
        this.health = new Health(context, components);
        this.needs = new Needs(context);
        this.holding = holding;
    }

    /** The bundle of that name that came another way: of the distribution, or by hand. */
    Optional<Bundle> own(String name) {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()) && !Location.isDeployed(bundle.getLocation()))
                .findFirst();
    }

    /**
     * Brings a bundle in and has it take over.
     *
     * @param old what it takes over from
     * @throws DeploymentException if it does not; then all is as it was
     */
    Bundle bring(Jar jar, String file, Optional<Bundle> old, Duration patience, Steps steps, Keeping keeping)
            throws DeploymentException {
        requireReplaceable(jar, old);
        Bundle fresh = install(jar, file, old);
        holding.change(List.of(fresh), List.of());
        try {
            resolve(fresh, old.stream().toList());
            steps.done("resolve", "all that it needs is there");
            boolean exclusive = jar.pace() == Pace.REPLACE || old.filter(Stage::isExclusive).isPresent();
            takeOver(fresh, old, exclusive, patience, steps, keeping);
            return fresh;
        } catch (DeploymentException e) {
            undo(fresh, patience);
            throw e;
        }
    }

    /**
     * Has a bundle of the distribution that was pushed aside take over again.
     *
     * @throws DeploymentException if it does not; then all is as it was
     */
    void bringBack(Bundle own, Bundle standIn, Duration patience, Steps steps, Keeping keeping)
            throws DeploymentException {
        holding.change(List.of(own), List.of());
        try {
            takeOver(own, Optional.of(standIn), isExclusive(own) || isExclusive(standIn), patience, steps, keeping);
        } catch (DeploymentException e) {
            undo(own, patience);
            throw e;
        }
    }

    /** Lends nothing more of a bundle, and has it go when it has ended what it has begun. */
    void retire(Bundle old, Steps steps) {
        holding.change(List.of(old), List.of());
        String name = old.getSymbolicName() + " " + old.getVersion();
        long start = System.nanoTime();
        Thread.ofPlatform().name("staffetta-deploy-drain").daemon().start(() -> {
            takeAway(old);
            steps.drained(name, System.nanoTime() - start);
        });
    }

    static boolean isActive(Bundle bundle) {
        return bundle.getState() == Bundle.ACTIVE || bundle.getState() == Bundle.STARTING;
    }

    private void takeOver(Bundle fresh, Optional<Bundle> old, boolean exclusive, Duration patience, Steps steps,
            Keeping keeping) throws DeploymentException {
        Optional<Bundle> stopped = old.filter(one -> exclusive && isActive(one));
        try {
            if (stopped.isPresent()) {
                stop(stopped.get());
                steps.done("stop", "the old version, for only one can run");
            }
            start(fresh, patience, steps);
            keeping.keep();
        } catch (DeploymentException e) {
            if (stopped.isPresent()) {
                undo(fresh, patience);
                startAgain(stopped.get());
            }
            throw e;
        }
        holding.change(old.stream().toList(), List.of(fresh));
        steps.done("switch", old.map(one -> "from " + one.getVersion() + " to " + fresh.getVersion())
                .orElse(fresh.getVersion() + " serves"));
        old.ifPresent(one -> retire(one, steps));
    }

    private static void requireReplaceable(Jar jar, Optional<Bundle> old) throws DeploymentException {
        if (old.isEmpty()) {
            return;
        }
        String advice = " cannot be replaced while the server runs: put it into bundles/ in place of the old one, and start again";
        if (jar.pace() == Pace.RESTART || "restart".equals(old.get().getHeaders("").get(Deployment.UPDATE))) {
            throw new DeploymentException(jar.name() + advice);
        }
        Set<String> users = Needs.users(old.get());
        if (!Location.isDeployed(old.get().getLocation()) && !users.isEmpty()) {
            String some = String.join(", ", users.stream().limit(MOST_USERS).toList());
            throw new DeploymentException(jar.name() + advice + "; its packages are used by " + some
                    + (users.size() > MOST_USERS ? " and " + (users.size() - MOST_USERS) + " more" : ""));
        }
    }

    private Bundle install(Jar jar, String file, Optional<Bundle> old) throws DeploymentException {
        Location location = new Location(jar.digest(), number(jar.digest()), file);
        try (InputStream content = Files.newInputStream(jar.path())) {
            Bundle fresh = context.installBundle(location.toString(), content);
            fresh.adapt(BundleStartLevel.class).setStartLevel(
                    old.map(one -> one.adapt(BundleStartLevel.class).getStartLevel()).orElse(START_LEVEL));
            return fresh;
        } catch (IOException e) {
            throw new DeploymentException(jar.path() + " cannot be read: " + e.getMessage(), e);
        } catch (BundleException e) {
            throw new DeploymentException("it cannot be installed: " + Bounded.reason(e), e);
        }
    }

    // one that drains still may be of the same jar
    private long number(String digest) {
        return 1 + Arrays.stream(context.getBundles()).flatMap(bundle -> Location.parse(bundle.getLocation()).stream())
                .filter(location -> location.digest().equals(digest)).mapToLong(Location::number).max().orElse(0);
    }

    private void resolve(Bundle fresh, List<Bundle> without) throws DeploymentException {
        String missing = needs.missing(fresh, without);
        if (!missing.isEmpty()) {
            throw new UnresolvedException(missing);
        }
        if (!wiring().resolveBundles(List.of(fresh))) {
            throw new UnresolvedException("it does not resolve with what runs: " + unresolved(fresh));
        }
    }

    // each thing that it needs is there, but not together; only an attempt to start it says why
    private static String unresolved(Bundle fresh) {
        try {
            fresh.start(Bundle.START_TRANSIENT);
            return "it did at the second attempt only";
        } catch (BundleException e) {
            return Bounded.reason(e);
        }
    }

    private void start(Bundle fresh, Duration patience, Steps steps) throws DeploymentException {
        Bounded.run("it does not start", patience, () -> {
            fresh.start(Bundle.START_ACTIVATION_POLICY);
            return true;
        });
        steps.done("start", "");
        steps.done("components", health.awaitComponents(fresh, patience) + ", " + Classes.load(fresh));
        steps.done("self-check", health.check(fresh, patience));
    }

    private static boolean isExclusive(Bundle bundle) {
        boolean singleton = bundle.getHeaders("").get(Constants.BUNDLE_SYMBOLICNAME).contains("singleton:=true");
        return singleton || "replace".equals(bundle.getHeaders("").get(Deployment.UPDATE));
    }

    // what hangs when it starts hangs when it stops
    private void undo(Bundle fresh, Duration patience) {
        try {
            Bounded.run(fresh + " does not go", patience, () -> {
                takeAway(fresh);
                return true;
            });
        } catch (DeploymentException e) {
            LOG.warn("{}", e.getMessage());
        }
    }

    private void takeAway(Bundle bundle) {
        stop(bundle);
        if (Location.isDeployed(bundle.getLocation())) {
            uninstall(bundle);
        }
        holding.change(List.of(), List.of(bundle));
    }

    private static void stop(Bundle bundle) {
        try {
            bundle.stop();
        } catch (BundleException | IllegalStateException e) {
            LOG.warn("{} {} does not stop as it should: {}", bundle.getSymbolicName(), bundle.getVersion(),
                    Bounded.reason(e));
        }
    }

    private static void startAgain(Bundle bundle) {
        try {
            bundle.start(Bundle.START_ACTIVATION_POLICY);
        } catch (BundleException | IllegalStateException e) {
            LOG.error("{} {} was stopped to be replaced, and does not start again: {}", bundle.getSymbolicName(),
                    bundle.getVersion(), Bounded.reason(e));
        }
    }

    private void uninstall(Bundle bundle) {
        boolean used = !Needs.users(bundle).isEmpty();
        try {
            bundle.uninstall();
        } catch (BundleException | IllegalStateException e) {
            LOG.warn("{} {} cannot be uninstalled: {}", bundle.getSymbolicName(), bundle.getVersion(),
                    Bounded.reason(e));
        }
        if (used) {
            // who uses its packages goes over to those of the new one
            wiring().refreshBundles(List.of(bundle));
        }
    }

    private FrameworkWiring wiring() {
        return context.getBundle(Constants.SYSTEM_BUNDLE_ID).adapt(FrameworkWiring.class);
    }
}
