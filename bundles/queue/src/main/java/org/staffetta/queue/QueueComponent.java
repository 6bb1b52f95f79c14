package org.staffetta.queue;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.event.MailEvents;
import org.staffetta.api.plugin.Plugins;
import org.staffetta.api.queue.MailQueue;
import org.staffetta.api.spool.Entry;

/** Ties the engine to the container. */
@Component(service = MailQueue.class, immediate = true, configurationPid = "org.staffetta.queue", configurationPolicy = ConfigurationPolicy.OPTIONAL)
@Designate(ocd = QueueConfig.class)
public final class QueueComponent implements MailQueue {
    private static final Logger LOG = LoggerFactory.getLogger(QueueComponent.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration TICK = Duration.ofSeconds(1);

    private final Engine engine;
    private final Operations operations;
    private final Thread heart;
    private volatile @Nullable MailEvents events;
    private volatile boolean stopped;

    /** Called by the container. */
    @Activate
    public QueueComponent(QueueConfig config, @Reference Plugins plugins) {
        Executor threads = task -> Thread.ofVirtual().name("staffetta-queue").start(task);
        this.engine = new Engine(Settings.of(config), Time.system(), new SecureRandom(), threads, plugins,
                PATIENCE, () -> events);
        this.operations = new Operations(engine);
        // A platform thread: virtual ones stand still when some of them do nothing but compute.
        this.heart = Thread.ofPlatform().daemon().name("staffetta-queue-heart").start(this::beat);
        engine.follow();
    }

    @Modified
    void modified(QueueConfig config) {
        try {
            engine.reconfigure(Settings.of(config));
        } catch (IllegalArgumentException e) {
            LOG.error("The queue keeps its settings: {}", e.getMessage());
        }
    }

    @Deactivate
    void deactivate() throws InterruptedException {
        engine.stop();
        stopped = true;
        heart.interrupt();
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void setEvents(MailEvents target) {
        events = target;
    }

    void unsetEvents(MailEvents target) {
        if (events == target) {
            events = null;
        }
    }

    @Override
    public Stream<Entry> entries() {
        return operations.entries();
    }

    @Override
    public Optional<Entry> find(String id) throws IOException {
        return operations.find(id);
    }

    @Override
    public long size() {
        return operations.size();
    }

    @Override
    public boolean retry(String id) throws IOException {
        return operations.retry(id);
    }

    @Override
    public boolean delete(String id) throws IOException {
        return operations.delete(id);
    }

    @Override
    public boolean hold(String id, String reason) throws IOException {
        return operations.hold(id, reason);
    }

    @Override
    public boolean release(String id) throws IOException {
        return operations.release(id);
    }

    @Override
    public List<Lane> lanes() {
        return operations.lanes();
    }

    private void beat() {
        while (!stopped) {
            try {
                Thread.sleep(TICK);
                engine.tick();
            } catch (InterruptedException e) {
                LOG.debug("The heart was interrupted, stopped: {}", stopped);
            } catch (RuntimeException | Error e) {
                LOG.error("The queue's heart missed a beat", e);
            }
        }
    }
}
