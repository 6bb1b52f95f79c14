package org.staffetta.log.ready;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.condition.Condition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.mail.Address;
import org.staffetta.api.session.Sessions;

/** Waits until the server is ready, and says so. */
@Component(service = Ready.class, immediate = true)
public final class Ready {
    private static final Logger LOG = LoggerFactory.getLogger(Ready.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Address ALICE = new Address("alice", "demo.test");

    private final ConfigurationAdmin admin;
    private final ServiceComponentRuntime components;
    private final String version;
    private final Path data;
    private final List<String> problems;
    private final List<Sessions> listeners = new CopyOnWriteArrayList<>();
    private final Map<Supplier<?>, String> announcers = new ConcurrentHashMap<>();
    private final SortedMap<String, List<String>> announced = new TreeMap<>();
    private boolean printed;
    private final Thread thread = Thread.ofPlatform().name("staffetta-ready").daemon().unstarted(this::run);

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable Directory directory;

    @Activate
    public Ready(BundleContext context, @Reference ConfigurationAdmin admin,
            @Reference ServiceComponentRuntime components,
            @Reference(service = Condition.class, target = "(osgi.condition.id=staffetta.features)") Map<String, Object> features) {
        this.admin = admin;
        this.components = components;
        version = context.getBundle().getVersion().toString().replace(".SNAPSHOT", "-SNAPSHOT");
        data = Path.of(Objects.requireNonNullElse(context.getProperty("staffetta.data"), "data")).toAbsolutePath();
        problems = List.of((String[]) features.getOrDefault("staffetta.problems", new String[0]));
    }

    @Activate
    void activate() {
        thread.start();
    }

    @Deactivate
    void deactivate() {
        thread.interrupt();
        try {
            thread.join();
            Files.deleteIfExists(file());
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted: {}", file(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addListener(Sessions sessions) {
        listeners.add(sessions);
    }

    void removeListener(Sessions sessions) {
        listeners.remove(sessions);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, target = "(staffetta.announce=*)")
    void addAnnouncer(Supplier<?> announcer, Map<String, Object> properties) {
        announcers.put(announcer, String.valueOf(properties.get("staffetta.announce")));
    }

    void removeAnnouncer(Supplier<?> announcer) {
        announcers.remove(announcer);
    }

    private void run() {
        try {
            String line = sayWhenReady();
            while (true) {
                write(line);
                String before = line;
                while (line.equals(before)) {
                    Thread.sleep(1000);
                    listen();
                    line = notice(List.of(), false).line();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("The server stops");
        }
    }

    private String sayWhenReady() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<String> missing = missing();
        while (!missing.isEmpty() && System.nanoTime() - deadline < 0) {
            Thread.sleep(20);
            missing = missing();
        }
        List<String> wrong = new ArrayList<>(problems);
        wrong.addAll(missing);
        wrong.addAll(Failures.of(components));
        Notice notice = notice(wrong, isDemo());
        printed = true;
        System.out.println(notice.text());
        System.out.println("ready: " + notice.line());
        System.out.flush();
        return notice.line();
    }

    private Notice notice(List<String> wrong, boolean demo) {
        SortedMap<String, String> addresses = new TreeMap<>();
        listeners.stream().filter(listener -> !listener.address().isEmpty())
                .forEach(listener -> addresses.put(listener.listener(), listener.address()));
        return new Notice(version, addresses, new TreeMap<>(announced), wrong, demo, data);
    }

    /** What is configured but not there. */
    private List<String> missing() {
        List<String> missing = new ArrayList<>();
        for (String name : configuredListeners()) {
            if (listeners.stream().noneMatch(l -> l.listener().equals(name) && !l.address().isEmpty())) {
                missing.add("the listener " + name + " is not bound; log/staffetta.log may say why");
            }
        }
        listen();
        announcers.values().stream().filter(name -> !announced.containsKey(name))
                .forEach(name -> missing.add("the " + name + " is not there; log/staffetta.log may say why"));
        return missing;
    }

    /** What they say first is kept until it is printed: there may be a secret in it that they say once. */
    private void listen() {
        announcers.forEach((announcer, name) -> {
            if (printed || !announced.containsKey(name)) {
                announced.put(name, said(announcer));
            }
        });
        announced.values().removeIf(List::isEmpty);
        announced.keySet().retainAll(announcers.values());
    }

    private List<String> configuredListeners() {
        try {
            Configuration[] found = admin.listConfigurations("(service.factoryPid=org.staffetta.listener)");
            return found == null
                    ? List.of()
                    : Stream.of(found).map(Configuration::getPid).map(pid -> pid.substring(pid.indexOf('~') + 1))
                            .toList();
        } catch (IOException | InvalidSyntaxException e) {
            LOG.warn("The configured listeners cannot be listed: {}", e.toString());
            return List.of();
        }
    }

    private static List<String> said(Supplier<?> announcer) {
        return announcer.get() instanceof List<?> lines ? lines.stream().map(String::valueOf).toList() : List.of();
    }

    private boolean isDemo() {
        Directory present = directory;
        try {
            return present != null && present.find(ALICE) instanceof DirectoryEntry.Account;
        } catch (IOException e) {
            LOG.debug("{} cannot be looked up", ALICE, e);
            return false;
        }
    }

    private Path file() {
        return data.resolve("ready");
    }

    /** Whole or not at all, for somebody waits for it. */
    private void write(String line) {
        try {
            Path draft = data.resolve("ready.tmp");
            Files.writeString(draft, line + "\n", StandardCharsets.UTF_8);
            Files.move(draft, file(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("{} cannot be written: {}", file(), e.toString());
        }
    }
}
