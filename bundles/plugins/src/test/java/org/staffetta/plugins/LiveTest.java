package org.staffetta.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.cm.ManagedService;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.mail.Address;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.PluginException;
import org.staffetta.api.plugin.Plugins;
import org.staffetta.api.routing.Route;
import org.staffetta.api.routing.Router;

/** Services of a real framework that go while they are in use. */
@Timeout(60)
class LiveTest {

    private static final Address ADDRESS = Address.parse("a@example.org");
    private static final Duration NOT_AT_ALL = Duration.ZERO;

    @TempDir
    private Path folder;

    private final List<String> order = new CopyOnWriteArrayList<>();
    private Framework framework;
    private PluginsComponent component;
    private Plugins plugins;

    /** A component that is both a router and a directory. */
    private static final class Both implements Router, Directory {
        @Override
        public Route route(Address recipient) {
            return new Route.Unknown();
        }

        @Override
        public DirectoryEntry find(Address address) {
            return new DirectoryEntry.Foreign();
        }
    }

    @BeforeEach
    void start() throws Exception {
        framework = new FrameworkFactory()
                .newFramework(Map.of("org.osgi.framework.storage", folder.resolve("cache").toString(),
                        "org.osgi.framework.system.packages.extra",
                        "org.osgi.service.cm;version=1.6.1,org.osgi.service.log;version=1.5,"
                                + "org.osgi.service.coordinator;version=1.0.2"));
        framework.start();
        component = new PluginsComponent(config(30));
        component.open(framework.getBundleContext());
        plugins = service(framework.getBundleContext(), Plugins.class);
    }

    @AfterEach
    void stop() throws Exception {
        component.close();
        framework.stop();
        framework.waitForStop(10_000);
    }

    @Test
    void a_bundle_that_is_stopped_goes_when_its_last_lease_is_back() throws Exception {
        Bundle bundle = bundle("router");
        bundle.getBundleContext().registerService(Router.class, address -> new Route.Unknown(), named("table"));
        Lease<Router> lease = lease(Router.class, "table");
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> {
            try {
                bundle.stop();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            order.add("stopped");
        }, task -> Thread.ofPlatform().start(task));
        await().until(() -> plugins.plugins().getFirst().draining());
        assertThat(plugins.lease(Router.class, "table", NOT_AT_ALL)).as("lent while it drains").isEmpty();
        assertThat(lease.service().route(ADDRESS)).isInstanceOf(Route.Unknown.class);
        order.add("transaction ended");
        lease.close();
        stopped.get();
        assertThat(order).containsExactly("transaction ended", "stopped");
        assertThat(plugins.plugins()).isEmpty();
    }

    @Test
    void what_overruns_the_drain_is_told_to_try_again() throws Exception {
        component.modified(config(1));
        ServiceRegistration<Router> registration = framework.getBundleContext().registerService(Router.class,
                address -> new Route.Unknown(), named("table"));
        Lease<Router> lease = lease(Router.class, "table");
        registration.unregister();
        assertThatThrownBy(() -> lease.service().route(ADDRESS)).isInstanceOf(PluginException.class)
                .hasMessage("Router table was taken away");
    }

    @Test
    void a_service_of_two_kinds_closes_for_both_before_the_first_is_waited_for() throws Exception {
        ServiceRegistration<?> registration = framework.getBundleContext().registerService(
                new String[]{Router.class.getName(), Directory.class.getName()}, new Both(), named("both"));
        Lease<Router> router = lease(Router.class, "both");
        Lease<Directory> directory = lease(Directory.class, "both");
        CompletableFuture<Void> gone = CompletableFuture.runAsync(registration::unregister,
                task -> Thread.ofPlatform().start(task));
        await().until(() -> plugins.plugins().stream().anyMatch(Plugins.Plugin::draining));
        assertThat(plugins.lease(Router.class, "both", NOT_AT_ALL)).isEmpty();
        assertThat(plugins.lease(Directory.class, "both", NOT_AT_ALL)).isEmpty();
        router.close();
        assertThat(gone).as("unregistered while one is in use").isNotDone();
        directory.close();
        gone.get();
    }

    // what a component without @Modified does when its configuration changes: SCR takes its service away on this thread
    @Test
    void a_drain_does_not_stall_the_thread_of_configuration_events() throws Exception {
        ConfigurationAdmin admin = configurationAdmin();
        assertThatAnUnrelatedChangeDoesNotWait(admin, "CM Event Dispatcher", (first, second) -> framework
                .getBundleContext().registerService(ConfigurationListener.class, event -> {
                    if (event.getPid().equals("first")) {
                        first.run();
                    } else {
                        second.run();
                    }
                }, null));
    }

    @Test
    void nor_the_one_that_updates_managed_services() throws Exception {
        ConfigurationAdmin admin = configurationAdmin();
        assertThatAnUnrelatedChangeDoesNotWait(admin, "CM Configuration Updater", (first, second) -> {
            framework.getBundleContext().registerService(ManagedService.class, onUpdate(first), pid("first"));
            framework.getBundleContext().registerService(ManagedService.class, onUpdate(second), pid("second"));
        });
    }

    private void assertThatAnUnrelatedChangeDoesNotWait(ConfigurationAdmin admin, String thread,
            BiConsumer<Runnable, Runnable> register) throws Exception {
        ServiceRegistration<Filter> filter = framework.getBundleContext().registerService(Filter.class, new Filter() {
        }, named("slow"));
        CompletableFuture<Void> unrelated = new CompletableFuture<>();
        register.accept(() -> {
            order.add(Thread.currentThread().getName());
            filter.unregister();
        }, () -> unrelated.complete(null));
        try (Lease<Filter> held = lease(Filter.class, "slow")) {
            long start = System.nanoTime();
            admin.getConfiguration("first", "?").update(named("x"));
            admin.getConfiguration("second", "?").update(named("x"));
            unrelated.get();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).as("an unrelated change waited")
                    .isLessThan(Duration.ofSeconds(5));
            assertThat(order).singleElement().asString().startsWith(thread);
            assertThat(held.name()).isEqualTo("slow");
        }
    }

    private static ManagedService onUpdate(Runnable action) {
        return properties -> {
            if (properties != null) {
                action.run();
            }
        };
    }

    private ConfigurationAdmin configurationAdmin() throws Exception {
        String jar = Class.forName("org.apache.felix.cm.impl.ConfigurationManager").getProtectionDomain()
                .getCodeSource().getLocation().toString();
        framework.getBundleContext().installBundle(jar).start();
        return service(framework.getBundleContext(), ConfigurationAdmin.class);
    }

    private <T> Lease<T> lease(Class<T> kind, String name) throws InterruptedException {
        return plugins.lease(kind, name, NOT_AT_ALL).orElseThrow();
    }

    private static Dictionary<String, Object> named(String name) {
        return FrameworkUtil.asDictionary(Map.of(Filter.NAME, name));
    }

    private static Dictionary<String, Object> pid(String pid) {
        return new Hashtable<>(Map.of("service.pid", pid));
    }

    private static <T> T service(BundleContext context, Class<T> type) {
        ServiceReference<T> reference = Objects.requireNonNull(context.getServiceReference(type));
        return Objects.requireNonNull(context.getService(reference));
    }

    private Bundle bundle(String name) throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", name);
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        new JarOutputStream(octets, manifest).close();
        Bundle bundle = framework.getBundleContext().installBundle(name,
                new ByteArrayInputStream(octets.toByteArray()));
        bundle.start();
        return bundle;
    }

    /** The defaults, but for the time to drain. */
    private static PluginsConfig config(int drainSeconds) {
        return (PluginsConfig) java.lang.reflect.Proxy.newProxyInstance(PluginsConfig.class.getClassLoader(),
                new Class<?>[]{PluginsConfig.class}, (proxy, method, arguments) -> method.getName()
                        .equals("drain_timeout") ? drainSeconds : method.getDefaultValue());
    }
}
