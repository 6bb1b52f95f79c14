package org.staffetta.filter.dmarc;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;

/**
 * Reads the reports of others. What is offered is copied, and read on a thread of its own, one message after the other, so that no mail waits for it; a few wait their
 * turn, and what is beyond that is not read, only delivered. Whatever is wrong with one is one line in the log.
 */
@Component(service = Incoming.class, configurationPid = "org.staffetta.dmarc")
public final class Incoming {

    private static final Logger LOG = LoggerFactory.getLogger(Incoming.class);
    // RFC 9990 has reports of 10 MB by default at most; base64 makes four octets of three
    private static final int MOST_OCTETS = 14_000_000;
    private static final long MOST_WAITING = 2L * MOST_OCTETS;
    private static final int MOST_MESSAGES = 100;

    private final ReportStore store;
    private final AtomicLong waiting = new AtomicLong();
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(1, 1, 30, TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_MESSAGES), Thread.ofPlatform().daemon().name("dmarc-incoming").factory());
    private volatile IncomingSettings settings;

    /** Begins to wait for them. */
    @Activate
    public Incoming(BundleContext context, DmarcConfig config) {
        this(folder(context), InstantSource.system(), IncomingSettings.of(config));
    }

    Incoming(Path folder, InstantSource clock, IncomingSettings settings) {
        this.store = new ReportStore(folder, clock);
        this.settings = settings;
        // none while there is nothing to read
        thread.allowCoreThreadTimeOut(true);
    }

    /** Where is kept what they say. */
    static Path folder(BundleContext context) {
        String data = Objects.requireNonNullElse(context.getProperty("staffetta.data"), "data");
        return Path.of(data).toAbsolutePath().resolve("dmarc").resolve("incoming");
    }

    @Modified
    void change(DmarcConfig config) {
        try {
            settings = IncomingSettings.of(config);
        } catch (IllegalArgumentException e) {
            LOG.error("dmarc: {}; the settings from before hold", e.getMessage());
        }
    }

    @Deactivate
    void stop() throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(20, TimeUnit.SECONDS)) {
            LOG.warn("dmarc: {} messages with reports were not read", thread.getQueue().size());
        }
    }

    /** Whether a message with this envelope is to be offered. */
    boolean wants(Envelope envelope) {
        return settings.wants(envelope);
    }

    /**
     * Takes a message, which is read later. Never fails.
     *
     * @param author the domain that it is from, if DMARC has shown that; else empty
     */
    void offer(Message message, String author) {
        long size = message.size();
        boolean taken = size <= MOST_OCTETS && waiting.addAndGet(size) <= MOST_WAITING;
        if (size <= MOST_OCTETS && !taken) {
            waiting.addAndGet(-size);
        }
        if (!taken) {
            LOG.warn("dmarc: a message of {} octets is delivered, but what it reports is not read: {}", size,
                    size > MOST_OCTETS ? "it is too large" : "too many are waiting");
            return;
        }
        try (InputStream in = message.open()) {
            byte[] octets = in.readNBytes(MOST_OCTETS);
            thread.execute(() -> read(octets, author, size));
        } catch (IOException | RejectedExecutionException e) {
            waiting.addAndGet(-size);
            LOG.warn("dmarc: a message is delivered, but what it reports is not read: {}", e.getMessage());
        }
    }

    private void read(byte[] message, String author, long size) {
        try {
            for (AggregateReport report : new ReportMessage(new Budget()).read(new ByteArrayInputStream(message))) {
                keep(report, author);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("dmarc: a report from {} cannot be read: {}", name(author), reason(e));
        } finally {
            waiting.addAndGet(-size);
        }
    }

    // one line, whatever a library has to say
    private static String reason(Exception e) {
        return e instanceof EOFException
                ? "it ends too early"
                : String.valueOf(e.getMessage()).replaceAll("[^ -~]", "?");
    }

    private void keep(AggregateReport report, String author) throws IOException {
        String fate = switch (store.add(report, author, settings.keep())) {
            case KEPT -> "";
            case KNOWN -> "; it was there before and counts once";
            case TOO_OLD -> "; it is not kept: it is about the " + report.day();
            case NO_ROOM -> "; it is kept in part only: there are too many of that day";
        };
        LOG.info("dmarc: {} ({}) reports {} messages as {}, of which {} did not pass{}", report.organization(),
                name(author), report.messages(), report.domain(), report.unaligned(), fate);
    }

    private static String name(String author) {
        return author.isEmpty() ? "somebody not proven" : author;
    }
}
