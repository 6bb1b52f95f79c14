package org.staffetta.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import javax.inject.Inject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.cm.ConfigurationAdmin;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.mail.Address;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.PluginException;
import org.staffetta.api.plugin.Plugins;
import org.staffetta.api.routing.Router;
import org.staffetta.itests.hazard.Both;
import org.staffetta.itests.hazard.needed.Needed;

/** What goes while it is in use goes when its last lease is back, whichever way it is taken away; components of Declarative Services in the real container. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class HazardIT {

    private static final Address ADDRESS = Address.parse("a@example.org");
    private static final int DRAIN_SECONDS = 9;
    // by itself Declarative Services waits 5 s for a lock, and then goes on without it
    private static final Duration LONGER_THAN_A_LOCK = Duration.ofMillis(6500);
    private static final String BOTH = "hazard.both";
    private static final String NEEDED = "hazard.needed";

    @Inject
    private BundleContext context;
    @Inject
    private Plugins plugins;
    @Inject
    private ConfigurationAdmin configurations;

    private Bundle both;
    private Bundle needed;

    private interface Action {
        void perform() throws Exception;
    }

    /** The container, and where the two bundles of the test are. */
    @Configuration
    public Option[] container() throws Exception {
        Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "hazard");
        List<Option> options = Container.options();
        options.add(systemProperty(BOTH)
                .value(Jars.build(folder.resolve("both.jar"), "both", "1.0.0", Both.class).toUri().toString()));
        options.add(systemProperty(NEEDED).value(
                Jars.build(folder.resolve("needed.jar"), "needed", "1.0.0", Needed.class).toUri().toString()));
        options.add(systemProperty("staffetta.set.plugins.drain.timeout").value(Integer.toString(DRAIN_SECONDS)));
        return options.toArray(Option[]::new);
    }

    @Before
    public void install() throws Exception {
        needed = context.installBundle(System.getProperty(NEEDED));
        both = context.installBundle(System.getProperty(BOTH));
        needed.start();
        both.start();
        until("both kinds are lent", () -> isLent(Router.class) && isLent(Directory.class));
    }

    @After
    public void uninstall() throws Exception {
        both.uninstall();
        needed.uninstall();
    }

    @Test
    public void a_bundle_that_is_stopped_goes_when_its_lease_is_back() throws Exception {
        assertThatItGoesWhenItsLeaseIsBack(both::stop);
        assertEquals(Bundle.RESOLVED, both.getState());
    }

    @Test
    public void one_that_is_updated_as_well() throws Exception {
        assertThatItGoesWhenItsLeaseIsBack(
                () -> both.update(URI.create(System.getProperty(BOTH)).toURL().openStream()));
        until("the new one is lent", () -> isLent(Router.class));
    }

    @Test
    public void one_that_is_uninstalled_as_well() throws Exception {
        assertThatItGoesWhenItsLeaseIsBack(both::uninstall);
        both = context.installBundle(System.getProperty(BOTH));
    }

    @Test
    public void one_that_is_refreshed_as_well() throws Exception {
        assertThatItGoesWhenItsLeaseIsBack(() -> {
            CompletableFuture<Void> refreshed = new CompletableFuture<>();
            context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class)
                    .refreshBundles(List.of(both), event -> refreshed.complete(null));
            refreshed.get();
        });
        until("it is lent again", () -> isLent(Router.class));
    }

    // the lock of a component that drains is wanted by whoever stops what it needs
    @Test
    public void nor_does_it_go_sooner_when_what_it_needs_is_stopped_meanwhile() throws Exception {
        Lease<Router> lease = lease(Router.class);
        CompletableFuture<Void> stopped = perform(both::stop);
        until("it drains", this::isDraining);
        CompletableFuture<Void> stoppedToo = perform(needed::stop);
        long end = System.nanoTime() + LONGER_THAN_A_LOCK.toNanos();
        while (System.nanoTime() < end) {
            lease.service().route(ADDRESS);
            Thread.sleep(100);
        }
        assertFalse("gone while it was lent", stopped.isDone());
        lease.close();
        stopped.get(5, TimeUnit.SECONDS);
        stoppedToo.get(5, TimeUnit.SECONDS);
    }

    @Test
    public void of_two_that_lend_it_neither_does_so_while_the_other_is_waited_for() throws Exception {
        Lease<Router> router = lease(Router.class);
        Lease<Directory> directory = lease(Directory.class);
        CompletableFuture<Void> stopped = perform(both::stop);
        until("it drains", this::isDraining);
        assertFalse("lent as router", isLent(Router.class));
        assertFalse("lent as directory", isLent(Directory.class));
        router.close();
        directory.service().find(ADDRESS);
        assertFalse("gone while it was lent", stopped.isDone());
        directory.close();
        stopped.get(5, TimeUnit.SECONDS);
    }

    // there Declarative Services takes the old one away on the one thread that tells everybody of changes
    @Test
    public void a_change_of_configuration_is_not_waited_for_and_other_changes_go_on() throws Exception {
        Lease<Router> lease = lease(Router.class);
        configurations.getConfiguration("org.example.both", "?").update(new Hashtable<>(Map.of("some", "thing")));
        long start = System.nanoTime();
        String value = Long.toString(start);
        configurations.getConfiguration("org.example.unrelated", "?").update(new Hashtable<>(Map.of("value", value)));
        until("an unrelated change is made", () -> value.equals(unrelated().getProperty("value")));
        assertTrue("within half of a drain",
                System.nanoTime() - start < TimeUnit.SECONDS.toNanos(DRAIN_SECONDS) / 2);
        assertThrows(PluginException.class, () -> lease.service().route(ADDRESS));
        lease.close();
        until("it is lent again, with the new configuration", () -> isLent(Router.class));
    }

    @Test
    public void what_is_not_given_back_in_time_is_told_to_try_again() throws Exception {
        Lease<Router> lease = lease(Router.class);
        perform(both::stop).get(2L * DRAIN_SECONDS, TimeUnit.SECONDS);
        PluginException told = assertThrows(PluginException.class, () -> lease.service().route(ADDRESS));
        assertEquals("Router both was taken away", told.getMessage());
        lease.close();
    }

    private void assertThatItGoesWhenItsLeaseIsBack(Action action) throws Exception {
        Lease<Router> lease = lease(Router.class);
        CompletableFuture<Void> gone = perform(action);
        until("it drains", this::isDraining);
        assertFalse("lent while it drains", isLent(Router.class));
        lease.service().route(ADDRESS);
        assertFalse("gone while it was lent", gone.isDone());
        lease.close();
        gone.get(5, TimeUnit.SECONDS);
    }

    private static CompletableFuture<Void> perform(Action action) {
        return CompletableFuture.runAsync(() -> {
            try {
                action.perform();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }, task -> Thread.ofPlatform().start(task));
    }

    private <T> Lease<T> lease(Class<T> kind) throws InterruptedException {
        return plugins.lease(kind, "both", Duration.ZERO).orElseThrow();
    }

    private boolean isLent(Class<?> kind) throws InterruptedException {
        return plugins.lease(kind, "both", Duration.ZERO).map(lease -> {
            lease.close();
            return true;
        }).orElse(false);
    }

    private boolean isDraining() {
        return plugins.plugins().stream().anyMatch(plugin -> plugin.name().equals("both") && plugin.draining());
    }

    private ServiceReference<?> unrelated() throws Exception {
        return context.getServiceReferences(Runnable.class, "(hazard=unrelated)").iterator().next();
    }

    private static void until(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.call()) {
            assertTrue("waited 30 s in vain: " + what, System.nanoTime() < end);
            Thread.sleep(20);
        }
    }
}
