package org.staffetta.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.deploy.Deployed;
import org.staffetta.api.deploy.Deployment;
import org.staffetta.api.deploy.DeploymentException;
import org.staffetta.api.deploy.Operation;
import org.staffetta.api.deploy.Progress;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvents;
import org.staffetta.api.plugin.Admission;
import org.staffetta.api.plugin.Plugins;

/** Has one thread do all operations, whoever asks for them. Nobody interrupts it. */
@Component(service = Deployment.class, immediate = true, configurationPid = "org.staffetta.deploy")
@Designate(ocd = DeployConfig.class)
public final class DeployComponent implements Deployment {

    private static final Logger LOG = LoggerFactory.getLogger(DeployComponent.class);
    private static final Duration POLL = Duration.ofMillis(500);
    // the listener, which starts after this, is not to wait for ever for a plug-in
    private static final Duration FOR_THE_FIRST_LOOK = Duration.ofSeconds(60);

    private final InstantSource clock = InstantSource.system();
    private final Path conf;
    private final Holding holding = new Holding();
    private final Probation probation = new Probation(System::nanoTime);
    private final Live live;
    private final History history;
    private final Naming naming;
    private final Deployer deployer;
    private final Watcher watcher;
    private final ScheduledExecutorService worker = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().name("staffetta-deploy").daemon().factory());
    private volatile Settings settings;
    private boolean isBlind; // only the worker's

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable MailEvents events;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Plugins plugins;

    /** Called by the container. */
    @Activate
    public DeployComponent(BundleContext context, DeployConfig config,
            @Reference ServiceComponentRuntime components) {
        Path data = path(context, "staffetta.data", "data");
        conf = path(context, "staffetta.conf", "conf");
        settings = Settings.of(config, conf);
        live = new Live(context, holding);
        history = new History(data.resolve("plugins/history"));
        Folder folder = new Folder(path(context, "staffetta.deploy", "deploy"));
        naming = new Naming(live, folder);
        deployer = new Deployer(new Stage(context, components, holding), live, folder,
                new Shelf(data.resolve("plugins")), history, probation, () -> settings);
        watcher = new Watcher(folder, live, deployer, (action, file) -> steps(action, file, "", Progress.NONE), clock);
    }

    private static Path path(BundleContext context, String property, String otherwise) {
        return Path.of(Objects.requireNonNullElse(context.getProperty(property), otherwise)).toAbsolutePath();
    }

    /** Brings in what is in the folder, and follows it from then on. */
    @Activate
    void open() {
        Future<?> first = worker.submit(() -> guarded(() -> {
            watcher.begin();
            return true;
        }));
        worker.scheduleWithFixedDelay(this::tick, POLL.toMillis(), POLL.toMillis(), TimeUnit.MILLISECONDS);
        try {
            first.get(FOR_THE_FIRST_LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("Not all of deploy/ is there after {} s; the rest follows", FOR_THE_FIRST_LOOK.toSeconds());
        } catch (ExecutionException e) {
            LOG.error("deploy/ was not read", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Other settings hold from the next operation on. */
    @Modified
    void modified(DeployConfig config) {
        try {
            settings = Settings.of(config, conf);
        } catch (IllegalArgumentException e) {
            LOG.error("Deployment keeps its settings: {}", e.getMessage());
        }
    }

    /** What was brought in runs on. */
    @Deactivate
    void close() {
        worker.shutdown();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addAdmission(Admission admission) {
        holding.tell(admission);
    }

    void removeAdmission(Admission admission) {
        holding.forget(admission);
    }

    @Override
    public Deployed install(Path jar, Progress progress) throws DeploymentException {
        return place("install", jar, Naming.Placing.INSTALL, progress);
    }

    @Override
    public Deployed installBeside(Path jar, Progress progress) throws DeploymentException {
        return place("install", jar, Naming.Placing.BESIDE, progress);
    }

    @Override
    public Deployed update(Path jar, Progress progress) throws DeploymentException {
        return place("update", jar, Naming.Placing.UPDATE, progress);
    }

    @Override
    public void remove(String name, Progress progress) throws DeploymentException {
        onWorker(() -> {
            String file = naming.find(name);
            deployer.remove(file, steps("remove", file, "", progress));
            return file;
        });
    }

    @Override
    public Deployed rollback(String name, Progress progress) throws DeploymentException {
        return rollback(name, Optional.empty(), progress);
    }

    @Override
    public Deployed rollback(String name, String version, Progress progress) throws DeploymentException {
        return rollback(name, Optional.of(version), progress);
    }

    @Override
    public List<Deployed> list() {
        Set<String> files = new TreeSet<>(live.files());
        files.addAll(watcher.troubled());
        return files.stream().map(this::deployed).toList();
    }

    @Override
    public List<Operation> history(String name) {
        return history.all().reversed().stream().filter(past -> past.concerns(name)).<Operation>map(past -> past)
                .toList();
    }

    private Deployed place(String action, Path jar, Naming.Placing placing, Progress progress)
            throws DeploymentException {
        return deployed(onWorker(() -> deployer.place(jar.toAbsolutePath(), placing,
                steps(action, String.valueOf(jar.getFileName()), "", progress))));
    }

    private Deployed rollback(String name, Optional<String> version, Progress progress) throws DeploymentException {
        return deployed(onWorker(() -> {
            String file = naming.find(name);
            deployer.rollback(file, version, steps("rollback", file, "", progress));
            return file;
        }));
    }

    private Deployed deployed(String file) {
        Optional<Bundle> bundle = live.of(file);
        return new Snapshot(file, bundle.map(Bundle::getSymbolicName).orElse(""), live.version(file),
                live.digest(file).orElse(""), bundle.filter(Stage::isActive).isPresent(),
                bundle.flatMap(live::pushedAside).isPresent(), watcher.trouble(file),
                deployer.earlier(file).stream().map(Past::version).distinct().toList());
    }

    private record Snapshot(String file, String name, String version, String digest, boolean serves, boolean standsIn,
            String trouble, List<String> earlier) implements Deployed {}

    private Steps steps(String action, String file, String cause, Progress progress) {
        return new Steps(action, file, cause, progress, this::publish, clock);
    }

    private void publish(MailEvent event) {
        MailEvents target = events;
        if (target != null) {
            target.publish(event);
        }
    }

    private void tick() {
        guarded(() -> {
            try {
                watcher.poll();
                isBlind = false;
            } catch (IOException e) {
                if (!isBlind) {
                    LOG.error("deploy/ cannot be read, so nothing of it is followed: {}", e.toString());
                }
                isBlind = true;
            }
            rollBackWhatFails();
            return true;
        });
    }

    private void rollBackWhatFails() {
        Plugins lent = plugins;
        if (lent == null || probation.isEmpty()) {
            return;
        }
        for (Probation.Failure failure : probation.failures(lent.plugins())) {
            String what = "%s of %s %s failed again and again, %d s after its update".formatted(failure.plugin(),
                    failure.bundle().getSymbolicName(), failure.bundle().getVersion(), failure.after().toSeconds());
            try {
                deployer.rollback(failure.file(), Optional.empty(),
                        steps("rollback", failure.file(), what, Progress.NONE));
                alarm(what + ": rolled back to " + live.of(failure.file()).map(b -> b.getVersion().toString())
                        .orElse("that of the distribution"));
            } catch (DeploymentException e) {
                alarm(what + ", and cannot be rolled back: " + e.getMessage());
            }
        }
    }

    private void alarm(String reason) {
        LOG.error("{}", reason);
        publish(new MailEvent(clock.instant(), MailEvent.Kind.ALARM, "", "",
                Map.of("part", "deploy", "reason", reason)));
    }

    // what escapes from a periodic task would end all of its runs
    private static void guarded(Callable<?> work) {
        try {
            work.call();
        } catch (Exception | LinkageError e) {
            LOG.error("deploy/ could not be looked after", e);
        }
    }

    private interface Work {
        String run() throws DeploymentException;
    }

    // whoever asked may be interrupted, or be a part that is replaced by what he asked for: the operation goes on
    private String onWorker(Work work) throws DeploymentException {
        try {
            return worker.submit(work::run).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DeploymentException refused) {
                throw new DeploymentException(String.valueOf(refused.getMessage()), refused);
            }
            throw new DeploymentException("an error in the server: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeploymentException("interrupted; what was asked for is done nevertheless", e);
        }
    }
}
