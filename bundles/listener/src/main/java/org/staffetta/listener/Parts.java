package org.staffetta.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.auth.Authenticator;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvents;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.routing.Router;
import org.staffetta.api.spool.Spool;

/**
 * The parts of the server that all listeners share, as they come and go. None of them is required: who needs one that is not there waits,
 * within bounds, and then tells the client to come back.
 */
@Component(service = Parts.class)
public final class Parts {

    private static final Logger LOG = LoggerFactory.getLogger(Parts.class);
    private static final String ONLY = "";

    private final Services<Router> routers = new Services<>();
    private final Services<Spool> spools = new Services<>();
    private final Services<Filter> filters = new Services<>();
    private final Services<Authenticator> authenticators = new Services<>();
    private final List<MailEvents> events = new CopyOnWriteArrayList<>();

    Router router(Duration patience) throws RefusedException {
        return require(routers, ONLY, patience, "the router");
    }

    Spool spool(String name, Duration patience) throws RefusedException {
        return require(spools, name, patience, "the spool " + name);
    }

    Filter filter(String name, Duration patience) throws RefusedException {
        return require(filters, name, patience, "the filter " + name);
    }

    Optional<Filter> filter(String name) {
        return filters.find(name);
    }

    Optional<Authenticator> authenticator(String mechanism) {
        return authenticators.find(mechanism);
    }

    Set<String> mechanisms() {
        return authenticators.names();
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

    // the client does not learn which part it is; whoever runs the server does, from the text that is logged with the refusal
    private static <T> T require(Services<T> services, String name, Duration patience, String what)
            throws RefusedException {
        try {
            Optional<T> service = services.await(name, patience);
            return service.orElseThrow(() -> new RefusedException(new Reply(451, "4.3.2", what + " is not there")));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new RefusedException(new Reply(451, "4.3.2", what + " is not there"));
        }
    }

    /** A router came. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindRouter(Router router, Map<String, Object> properties) {
        put(routers, router, List.of(ONLY), properties);
    }

    void unbindRouter(Router router) {
        routers.remove(router);
    }

    /** A spool came. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindSpool(Spool spool, Map<String, Object> properties) {
        put(spools, spool, strings(properties.getOrDefault(Filter.NAME, List.of())), properties);
    }

    void updatedSpool(Spool spool, Map<String, Object> properties) {
        bindSpool(spool, properties);
    }

    void unbindSpool(Spool spool) {
        spools.remove(spool);
    }

    /** A filter came. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindFilter(Filter filter, Map<String, Object> properties) {
        put(filters, filter, strings(properties.getOrDefault(Filter.NAME, List.of())), properties);
    }

    void updatedFilter(Filter filter, Map<String, Object> properties) {
        bindFilter(filter, properties);
    }

    void unbindFilter(Filter filter) {
        filters.remove(filter);
    }

    /** An authenticator came. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindAuthenticator(Authenticator authenticator, Map<String, Object> properties) {
        put(authenticators, authenticator, strings(properties.getOrDefault(Authenticator.MECHANISM, List.of())),
                properties);
    }

    void updatedAuthenticator(Authenticator authenticator, Map<String, Object> properties) {
        bindAuthenticator(authenticator, properties);
    }

    void unbindAuthenticator(Authenticator authenticator) {
        authenticators.remove(authenticator);
    }

    /** Somebody listens to events. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindEvents(MailEvents sink) {
        events.add(sink);
    }

    void unbindEvents(MailEvents sink) {
        events.remove(sink);
    }

    private static <T> void put(Services<T> services, T service, List<String> names, Map<String, Object> properties) {
        int ranking = properties.get("service.ranking") instanceof Integer number ? number : 0;
        long id = properties.get("service.id") instanceof Long number ? number : 0;
        services.put(service, names, ranking, id);
    }

    // a service property is one string, an array, or a collection of them
    private static List<String> strings(Object value) {
        return switch (value) {
            case String name -> List.of(name);
            case String[] names -> List.copyOf(Arrays.asList(names));
            case Iterable<?> names -> {
                List<String> all = new ArrayList<>();
                names.forEach(name -> all.add(String.valueOf(name)));
                yield List.copyOf(all);
            }
            default -> List.of(value.toString());
        };
    }
}
