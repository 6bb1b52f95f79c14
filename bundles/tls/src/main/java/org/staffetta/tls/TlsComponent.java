package org.staffetta.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
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
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvents;
import org.staffetta.api.tls.CertificateStatus;
import org.staffetta.api.tls.ClientTerms;
import org.staffetta.api.tls.HandshakeCount;
import org.staffetta.api.tls.ServerTerms;
import org.staffetta.api.tls.Tls;
import org.staffetta.api.tls.TlsConnection;
import org.staffetta.api.tls.TlsException;
import org.staffetta.api.tls.Transport;

/** TLS as a component, and the thread that looks at the files. */
@Component(service = Tls.class, configurationPid = "org.staffetta.tls", immediate = true)
@Designate(ocd = TlsConfig.class)
public final class TlsComponent implements Tls {

    private static final Logger LOG = LoggerFactory.getLogger(TlsComponent.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration WARN = Duration.ofHours(1);

    private final List<CertificateSettings> wanted = new CopyOnWriteArrayList<>();
    private final InstantSource clock = InstantSource.system();
    private final Path conf;
    private final Path data;
    private final TlsConfig first;
    private final Thread watcher = Thread.ofPlatform().daemon().name("tls certificates").unstarted(this::watch);
    private volatile @Nullable TlsService service;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable MailEvents events;

    /** Keeps what is needed until the certificates are known. */
    @Activate
    public TlsComponent(BundleContext context, TlsConfig config) {
        this.first = config;
        this.conf = Path.of(Objects.requireNonNullElse(context.getProperty("staffetta.conf"), "conf"));
        this.data = Path.of(Objects.requireNonNullElse(context.getProperty("staffetta.data"), "data"), "tls");
    }

    /**
     * Begins, now that certificates and events are bound.
     *
     * @throws IllegalArgumentException if a setting is wrong; the message is for the operator
     */
    @Activate
    void start() throws IOException {
        service = new TlsService(Settings.of(first), names(), conf, data, clock, this::alarm);
        watcher.start();
    }

    @Modified
    void modified(TlsConfig config) throws IOException {
        try {
            service().change(Settings.of(config));
        } catch (IllegalArgumentException wrong) {
            LOG.error("tls keeps its settings: {}", wrong.getMessage());
        }
    }

    @Deactivate
    void stop() {
        watcher.interrupt();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, updated = "updateCertificate")
    void bindCertificate(CertificateSettings certificate) {
        wanted.add(certificate);
        follow();
    }

    void updateCertificate(CertificateSettings certificate) {
        follow();
    }

    void unbindCertificate(CertificateSettings certificate) {
        wanted.remove(certificate);
        if (watcher.isAlive() && !watcher.isInterrupted()) {
            follow();
        }
    }

    @Override
    public TlsConnection accept(Transport transport, ServerTerms terms) throws TlsException {
        return service().accept(transport, terms);
    }

    @Override
    public TlsConnection connect(Transport transport, ClientTerms terms) throws TlsException {
        return service().connect(transport, terms);
    }

    @Override
    public List<CertificateStatus> certificates() {
        return service().certificates();
    }

    @Override
    public List<HandshakeCount> handshakes() {
        return service().handshakes();
    }

    private TlsService service() {
        return Objects.requireNonNull(service, "TLS has not begun");
    }

    private Map<String, IdentityFiles> names() {
        Map<String, IdentityFiles> names = new HashMap<>();
        wanted.forEach(one -> names.put(one.name(), one.files()));
        return names;
    }

    // before the start there is nothing to tell
    private void follow() {
        TlsService now = service;
        if (now == null) {
            return;
        }
        try {
            now.follow(names());
        } catch (IOException unkept) {
            alarm("our own certificate cannot be kept: " + unkept.getMessage());
        }
    }

    private void watch() {
        long warned = System.nanoTime() - WARN.toNanos();
        try {
            while (true) {
                Thread.sleep(LOOK);
                boolean warn = System.nanoTime() - warned >= WARN.toNanos();
                warned = warn ? System.nanoTime() : warned;
                look(warn);
            }
        } catch (InterruptedException stopped) {
            // the component goes
        }
    }

    private void look(boolean warn) {
        try {
            service().look();
            if (warn) {
                service().warn();
            }
        } catch (IOException | RuntimeException bug) {
            LOG.error("the certificates could not be looked at", bug);
        }
    }

    private void alarm(String what) {
        LOG.warn("{}", what);
        MailEvents publisher = events;
        if (publisher != null) {
            publisher.publish(new MailEvent(clock.instant(), MailEvent.Kind.ALARM, "", "",
                    Map.of("part", "tls", "reason", what)));
        }
    }
}
