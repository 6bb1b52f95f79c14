package org.staffetta.listener;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
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
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.PluginException;
import org.staffetta.api.plugin.Plugins;
import org.staffetta.api.tls.Tls;

/**
 * The parts of the server that all listeners share, as they come and go. Who needs one that is not there waits, within bounds, and then tells the
 * client to come back.
 *
 * <p>It is the last of this bundle to end, and waits for the sessions of the listeners that have ended before: nobody else waits for them,
 * least of all the thread on which a configuration is taken away. Immediate, for otherwise it would end with the last listener.
 */
@Component(service = Parts.class, immediate = true)
public final class Parts {

    private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

    // at some 200 octets each
    private static final int LOGINS_REMEMBERED = 50_000;
    private static final Duration LOGIN_PATIENCE = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final List<MailEvents> events = new CopyOnWriteArrayList<>();
    private final Set<Thread> drains = ConcurrentHashMap.newKeySet();
    private final Map<String, FilterSettings> filters = new ConcurrentHashMap<>();
    private final Map<String, TenantSettings> tenants = new ConcurrentHashMap<>();
    private final Count.All counts = new Count.All();
    private final LoginCount.All logins = new LoginCount.All();
    private final AtomicReference<@Nullable Dns> dns = new AtomicReference<>();
    // half of the processors, so that guessing leaves the others to mail
    private final Doorkeeper doorkeeper = new Doorkeeper(LOGINS_REMEMBERED,
            Math.max(1, Runtime.getRuntime().availableProcessors() / 2), LOGIN_PATIENCE, System::nanoTime);
    private final AtomicReference<@Nullable Tls> tls = new AtomicReference<>();
    private volatile @Nullable Plugins plugins;

    /** Has the end of the bundle wait for a thread that sees sessions off. */
    void await(Thread drain) {
        drains.removeIf(other -> !other.isAlive());
        drains.add(drain);
    }

    /** Waits for the sessions of all listeners; each bounds that itself. */
    @Deactivate
    void stop() {
        try {
            for (Thread drain : drains) {
                drain.join();
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whoever lends plug-ins may be replaced as well: the next is there before this one goes. */
    @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindPlugins(Plugins lender) {
        plugins = lender;
    }

    void unbindPlugins(Plugins lender) {
        // sessions that are seen off go on with it
    }

    /** What a transaction that begins now needs. */
    Leases transaction(Settings settings, SessionSnapshot client, Address sender) throws RefusedException {
        Selection selection = Selection.ofTransaction(settings, policies(), client, sender);
        return require(lender -> Leases.transaction(lender, settings, selection, counts));
    }

    /** The filters that a session is shown to between transactions. */
    List<Link> filters(Settings settings, SessionSnapshot client) throws RefusedException {
        Selection selection = Selection.ofSession(settings, policies(), client);
        return require(lender -> selection.links(
                lender.lease(Filter.class, selection.names(), settings.patience()), lender, counts));
    }

    /** What the operator wants of each filter, where he has said something, as it is now. */
    Map<String, FilterPolicy> policies() {
        Map<String, List<String>> domains = new HashMap<>();
        tenants.forEach((name, settings) -> domains.put(name, settings.domains()));
        Map<String, FilterPolicy> policies = new HashMap<>();
        filters.forEach((name, settings) -> policies.put(name, settings.policy().withDomainsOf(domains)));
        return policies;
    }

    /** What a filter says of itself: whether it is to be skipped when it fails. */
    String declaredFailure(String name) {
        List<Lease<Filter>> versions = lender().leaseVersions(Filter.class, name);
        try {
            return versions.stream().findFirst().flatMap(lease -> lease.property(Filter.FAILURE)).orElse("");
        } finally {
            versions.forEach(Lease::close);
        }
    }

    Count.All counts() {
        return counts;
    }

    LoginCount.All logins() {
        return logins;
    }

    /** All that lead this mechanism, best first; none if there is no such mechanism, and was none a moment ago. */
    List<Lease<Authenticator>> authenticators(String mechanism, Duration patience) throws RefusedException {
        if (!mechanisms().contains(mechanism)) {
            return List.of();
        }
        List<Lease<Authenticator>> best = require(
                lender -> lender.lease(Authenticator.class, List.of(mechanism), patience));
        List<Lease<Authenticator>> all = lender().leaseVersions(Authenticator.class, mechanism);
        if (all.isEmpty()) {
            return best;
        }
        best.forEach(Lease::close);
        return all;
    }

    Set<String> mechanisms() {
        return lender().names(Authenticator.class);
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

    /** Whose login is looked at, anywhere. */
    Doorkeeper doorkeeper() {
        return doorkeeper;
    }

    /** Encryption; empty while there is none. */
    Optional<Tls> tls() {
        return Optional.ofNullable(tls.get());
    }

    /** The same, waited for. */
    Optional<Tls> tls(Duration patience) {
        return await(tls, patience);
    }

    /** The domain name system, waited for. */
    Optional<Dns> dns(Duration patience) {
        return await(dns, patience);
    }

    private static <T> Optional<T> await(AtomicReference<@Nullable T> part, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (part.get() == null && System.nanoTime() < end) {
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        return Optional.ofNullable(part.get());
    }

    private interface Request<V> {
        V make(Plugins lender) throws PluginException, InterruptedException;
    }

    /** Who lends plug-ins. */
    Plugins lender() {
        return Objects.requireNonNull(plugins, "nobody lends plug-ins");
    }

    private <V> V require(Request<V> request) throws RefusedException {
        Plugins asked = lender();
        try {
            return request.make(asked);
        } catch (PluginException missing) {
            if (asked != lender()) {
                // it has gone in the meantime, and with it what it lent
                return require(request);
            }
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

    /** The operator has said something of a filter. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindFilter(FilterSettings settings) {
        filters.put(settings.name(), settings);
    }

    void unbindFilter(FilterSettings settings) {
        if (!isStopping()) {
            filters.remove(settings.name(), settings);
        }
    }

    /** The operator has said which domains are a tenant's. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindTenant(TenantSettings settings) {
        tenants.put(settings.name(), settings);
    }

    void unbindTenant(TenantSettings settings) {
        if (!isStopping()) {
            tenants.remove(settings.name(), settings);
        }
    }

    // when this bundle goes the settings go first, and sessions that still run must not find a filter enforced that was not
    private static boolean isStopping() {
        Bundle own = FrameworkUtil.getBundle(Parts.class);
        return own != null && own.getState() == Bundle.STOPPING;
    }

    /** Filters ask it. A new one comes before the old one goes. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindDns(Dns newcomer) {
        dns.set(newcomer);
    }

    void unbindDns(Dns leaver) {
        dns.compareAndSet(leaver, null);
    }

    /** Connections are encrypted by it. A new one comes before the old one goes; connections that are there need neither. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindTls(Tls newcomer) {
        tls.set(newcomer);
    }

    void unbindTls(Tls leaver) {
        tls.compareAndSet(leaver, null);
    }
}
