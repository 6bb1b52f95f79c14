package org.staffetta.filter.dmarc;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvents;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.Plugins;
import org.staffetta.api.signing.MessageSigner;
import org.staffetta.api.spool.Spool;

/**
 * Collects what is to be reported, and sends the reports. All files are touched by one thread that nobody interrupts, once a minute; mail does not wait
 * for it.
 */
@Component(service = Reports.class, configurationPid = "org.staffetta.dmarc")
public final class Reports {

    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration GIVE_UP = Duration.ofDays(2);

    private final InstantSource clock = InstantSource.system();
    private final Collector collector;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1,
            Thread.ofPlatform().daemon().name("dmarc-reports").factory());
    private volatile ReportSettings settings;
    private String complaint = "";

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable Dns dns;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable Plugins plugins;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable MailEvents events;

    /** Begins to collect. */
    @Activate
    public Reports(BundleContext context, DmarcConfig config) {
        settings = ReportSettings.of(config);
        String data = Objects.requireNonNullElse(context.getProperty("staffetta.data"), "data");
        collector = new Collector(Path.of(data).toAbsolutePath().resolve("dmarc"), clock);
        thread.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.MINUTES);
    }

    @Modified
    void change(DmarcConfig config) {
        try {
            settings = ReportSettings.of(config);
        } catch (IllegalArgumentException e) {
            LOG.error("dmarc: {}; the settings from before hold", e.getMessage());
        }
    }

    @Deactivate
    void stop() throws InterruptedException {
        thread.execute(this::save);
        thread.shutdown();
        if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
            LOG.warn("dmarc: reports are being sent still; what was collected since may be lost");
        }
    }

    /** Counts a message, if reports are wanted. */
    void add(Sample sample) {
        ReportSettings now = settings;
        if (now.send()) {
            collector.add(sample, now);
        }
    }

    private void tick() {
        save();
        Dns asked = dns;
        Plugins lender = plugins;
        if (asked == null || lender == null || !settings.send()) {
            return;
        }
        try {
            Files.createDirectories(collector.folder());
            send(asked, lender);
            complaint = "";
        } catch (IOException | RuntimeException failed) {
            complain("DMARC reports cannot be sent now: " + failed.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(Dns asked, Plugins lender) throws IOException, InterruptedException {
        Path lock = collector.folder().resolve("lock");
        // while one version of this bundle follows another only one of them sends
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            for (Collector.Period period : held == null ? List.<Collector.Period>of() : collector.over()) {
                send(period, asked, lender);
            }
        } catch (OverlappingFileLockException other) {
            LOG.debug("dmarc: somebody else sends the reports", other);
        }
    }

    private void send(Collector.Period period, Dns asked, Plugins lender) throws IOException, InterruptedException {
        ReportSettings now = settings;
        Optional<Lease<Spool>> lease = lender.lease(Spool.class, now.spool(), PATIENCE);
        if (lease.isEmpty()) {
            throw new IOException("there is no spool " + now.spool());
        }
        List<Lease<MessageSigner>> signers = lender.leaseAll(MessageSigner.class);
        try (Lease<Spool> spool = lease.get()) {
            new Dispatch(collector, now, asked, spool.service(), signers.stream().map(Lease::service).toList(),
                    clock.instant()).send(period);
        } catch (IOException failed) {
            if (clock.instant().getEpochSecond() > period.end() + GIVE_UP.toSeconds()) {
                complain("the DMARC reports of " + period + " are given up: " + failed.getMessage());
                Dispatch.forget(collector, period);
                return;
            }
            throw failed;
        } finally {
            signers.forEach(Lease::close);
        }
    }

    private void save() {
        try {
            collector.save();
        } catch (IOException | RuntimeException failed) {
            complain("what DMARC reports are made of cannot be stored: " + failed);
        }
    }

    // once, until it is another one
    private void complain(String problem) {
        if (problem.equals(complaint)) {
            return;
        }
        complaint = problem;
        LOG.error("{}", problem);
        MailEvents sink = events;
        if (sink != null) {
            sink.publish(new MailEvent(clock.instant(), MailEvent.Kind.ALARM, "", "", Map.of("reason", problem)));
        }
    }
}
