package org.staffetta.listener;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.auth.Authenticator;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvents;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.PluginException;
import org.staffetta.api.plugin.Plugins;

/**
 * The parts of the server that all listeners share, as they come and go. Who needs one that is not there waits, within bounds, and then tells the
 * client to come back.
 */
@Component(service = Parts.class)
public final class Parts {

    private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

    private final Plugins plugins;
    private final List<MailEvents> events = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable Dns> dns = new AtomicReference<>();

    /** Called by the container. */
    @Activate
    public Parts(@Reference Plugins plugins) {
        this.plugins = plugins;
    }

    /** What a transaction that begins now needs. */
    Leases transaction(Settings settings) throws RefusedException {
        return require(() -> Leases.transaction(plugins, settings));
    }

    /** The filters that a session is shown to between transactions. */
    List<Lease<Filter>> filters(Settings settings) throws RefusedException {
        return require(() -> plugins.lease(Filter.class, settings.filters(), settings.patience()));
    }

    /** Empty if there is no such mechanism, and was none a moment ago. */
    Optional<Lease<Authenticator>> authenticator(String mechanism, Duration patience) throws RefusedException {
        if (!mechanisms().contains(mechanism)) {
            return Optional.empty();
        }
        return Optional
                .of(require(() -> plugins.lease(Authenticator.class, List.of(mechanism), patience)).getFirst());
    }

    Set<String> mechanisms() {
        return plugins.names(Authenticator.class);
    }

    void publish(MailEvent event) {
        for (MailEvents sink : events) {
            try {
                sink.publish(event);
            } catch (RuntimeException | LinkageError failure) {
                // it promised not to throw; mail must not depend on that
                LOG.warn("an event was not taken", failure);
            }
        }
    }

    /** The domain name system; empty while there is none. */
    Optional<Dns> dns() {
        return Optional.ofNullable(dns.get());
    }

    private interface Request<V> {
        V make() throws PluginException, InterruptedException;
    }

    private static <V> V require(Request<V> request) throws RefusedException {
        try {
            return request.make();
        } catch (PluginException missing) {
            throw new RefusedException(new Reply(451, "4.3.2", String.valueOf(missing.getMessage())));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new RefusedException(new Reply(451, "4.3.2", "the server is going down"));
        }
    }

    /** Somebody listens to events. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindEvents(MailEvents sink) {
        events.add(sink);
    }

    void unbindEvents(MailEvents sink) {
        events.remove(sink);
    }

    /** Filters ask it. A new one comes before the old one goes. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindDns(Dns newcomer) {
        dns.set(newcomer);
    }

    void unbindDns(Dns leaver) {
        dns.compareAndSet(leaver, null);
    }
}
