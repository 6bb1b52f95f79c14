package org.staffetta.deploy;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.felix.framework.FrameworkFactory;
import org.awaitility.core.ConditionFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.staffetta.api.deploy.Deployed;
import org.staffetta.api.deploy.Operation;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.plugin.Plugins;

/** A real framework with components, and the deployment that works on it. */
final class Site {

    /** What the log has. */
    final List<MailEvent> events = new CopyOnWriteArrayList<>();
    /** What was not to be lent, again and again. */
    final List<Set<Long>> holds = new CopyOnWriteArrayList<>();
    /** What the registry of plug-ins would say. */
    final List<Plugins.Plugin> plugins = new CopyOnWriteArrayList<>();

    private final Path folder;
    private final Map<String, Object> settings = new HashMap<>();
    private final Framework framework;
    private DeployComponent deployment;

    Site(Path folder) throws Exception {
        this.folder = folder;
        Files.createDirectories(folder.resolve("deploy"));
        framework = framework();
        settings.put("start_timeout", "10s");
        deployment = open();
    }

    private Framework framework() throws Exception {
        Framework started = new FrameworkFactory().newFramework(Map.of("org.osgi.framework.storage",
                folder.resolve("cache").toString(), "org.osgi.framework.storage.clean", "onFirstInit",
                "org.osgi.framework.bsnversion", "multiple", "org.osgi.framework.startlevel.beginning", "20",
                "org.osgi.framework.system.packages.extra",
                "org.osgi.service.component;version=1.5,org.osgi.service.component.runtime;version=1.5,"
                        + "org.osgi.service.component.runtime.dto;version=1.5,org.osgi.util.promise;version=1.3,"
                        + "org.osgi.util.function;version=1.2,org.staffetta.api.deploy;version=1.0",
                "org.osgi.framework.system.capabilities.extra",
                "osgi.service;objectClass:List<String>=\"org.osgi.service.component.runtime.ServiceComponentRuntime\"",
                "staffetta.data", folder.resolve("data").toString(), "staffetta.conf", folder.toString(),
                "staffetta.deploy", folder.resolve("deploy").toString()));
        started.start();
        String scr = Class.forName("org.apache.felix.scr.impl.Activator").getProtectionDomain().getCodeSource()
                .getLocation().toString();
        started.getBundleContext().installBundle(scr).start();
        return started;
    }

    private DeployComponent open() throws Exception {
        BundleContext context = context();
        ServiceComponentRuntime components = requireNonNull(
                context.getService(requireNonNull(context.getServiceReference(ServiceComponentRuntime.class))));
        DeployComponent opened = new DeployComponent(context, config(), components);
        opened.events = events::add;
        opened.plugins = (Plugins) Proxy.newProxyInstance(Plugins.class.getClassLoader(), new Class<?>[]{Plugins.class},
                (proxy, method, arguments) -> List.copyOf(plugins));
        opened.addAdmission(holds::add);
        opened.open();
        return opened;
    }

    private DeployConfig config() {
        return (DeployConfig) Proxy.newProxyInstance(DeployConfig.class.getClassLoader(),
                new Class<?>[]{DeployConfig.class},
                (proxy, method, arguments) -> settings.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    /** Takes another setting. */
    void set(String attribute, Object value) {
        settings.put(attribute, value);
        deployment.modified(config());
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    DeployComponent deployment() {
        return deployment;
    }

    /** As if the part were stopped and started; what it has brought in runs on. */
    void reopen() throws Exception {
        deployment.close();
        deployment = open();
    }

    Path deploy(String file) {
        return folder.resolve("deploy").resolve(file);
    }

    /** Copies a jar there as {@code mv} does. */
    void put(Path jar, String file) throws Exception {
        Path draft = folder.resolve("draft");
        Files.copy(jar, draft, StandardCopyOption.REPLACE_EXISTING);
        Files.move(draft, deploy(file), StandardCopyOption.ATOMIC_MOVE);
    }

    /** As the feature installer does with a bundle of the distribution. */
    Bundle installOwn(Path jar) throws Exception {
        try (InputStream content = Files.newInputStream(jar)) {
            Bundle own = context().installBundle("staffetta:" + jar.getFileName(), content);
            own.start();
            return own;
        }
    }

    List<Bundle> bundles(String name) {
        return Arrays.stream(context().getBundles()).filter(b -> ("org.example." + name).equals(b.getSymbolicName()))
                .toList();
    }

    /** The versions that are active, in the order in which they were installed. */
    List<String> active(String name) {
        return bundles(name).stream().filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                .map(bundle -> bundle.getVersion().toString()).toList();
    }

    Optional<Deployed> deployed(String file) {
        return deployment.list().stream().filter(one -> one.file().equals(file)).findFirst();
    }

    String trouble(String file) {
        return deployed(file).map(Deployed::trouble).orElse("");
    }

    Operation last() {
        return deployment.history("").getFirst();
    }

    static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(40)).pollInterval(Duration.ofMillis(50));
    }

    void close() throws BundleException, InterruptedException {
        deployment.close();
        framework.stop();
        framework.waitForStop(10_000);
    }
}
