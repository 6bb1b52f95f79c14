package org.staffetta.router;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvents;
import org.staffetta.api.mail.Address;
import org.staffetta.api.plugin.Plugins;
import org.staffetta.api.routing.Route;
import org.staffetta.api.routing.Router;

/** The router as a service, with its settings. */
@Component(configurationPid = "org.staffetta.router", immediate = true, property = "staffetta.name=table")
@Designate(ocd = MailRouter.Settings.class)
public final class MailRouter implements Router {

    private static final Logger LOG = LoggerFactory.getLogger(MailRouter.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Directories directories;
    private volatile Router router;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable MailEvents events;

    /** Settings of the router. */
    @ObjectClassDefinition(name = "Router", description = "Says where mail for a recipient goes.")
    public @interface Settings {

        /** The routes. */
        @AttributeDefinition(name = "Routes", required = false, description = "Where mail for a domain goes: PATTERN TRANSPORT:NEXTHOP, e.g. example.org lmtp:[127.0.0.1]:24,"
                + " .example.org smtp:[mail.example.org]:2525 (its subdomains), * smtp:[smarthost]:25 (all others)")
        String[] routes() default {};

        /** The order of directories. */
        @AttributeDefinition(name = "Directories", description = "The directories to ask, by name, in their order; * stands for all others")
        String[] directories() default {"file", "*"};

        /** For own accounts. */
        @AttributeDefinition(name = "Local transport", description = "The transport for own accounts whose domain has no route")
        String local_transport() default "mda";
    }

    /** Starts to route. Without usable routes nothing is routed: what has a smart host must not go another way. */
    @Activate
    public MailRouter(Settings settings, @Reference Plugins plugins) {
        this.directories = new Directories(plugins);
        this.router = createOrRefuse(settings);
    }

    /** Tells, now that events can be published, if there is something to tell. */
    @Activate
    void start() {
        if (router instanceof Refusing(var reason)) {
            alarm(reason);
        }
    }

    /** New settings; bad ones change nothing. */
    @Modified
    void modified(Settings settings) {
        try {
            router = create(settings);
        } catch (IllegalArgumentException bad) {
            alarm(bad.getMessage() + " (the routes before stay in force)");
        }
    }

    @Override
    public Route route(Address recipient) throws IOException {
        return router.route(recipient);
    }

    private Router createOrRefuse(Settings settings) {
        try {
            return create(settings);
        } catch (IllegalArgumentException bad) {
            return new Refusing("no mail is routed: " + bad.getMessage());
        }
    }

    private Router create(Settings settings) {
        List<String> order = Arrays.stream(settings.directories()).map(String::strip).filter(name -> !name.isEmpty())
                .toList();
        if (order.isEmpty()) {
            throw new IllegalArgumentException(
                    "directories: there must be one; allowed: names of directories, and * for all others");
        }
        return new TableRouter(directories, order, RouteTable.parse(List.of(settings.routes())),
                settings.local_transport().strip(),
                PATIENCE);
    }

    private void alarm(String what) {
        LOG.error("{}", what);
        MailEvents publisher = events;
        if (publisher != null) {
            publisher.publish(new MailEvent(InstantSource.system().instant(), MailEvent.Kind.ALARM, "", "",
                    Map.of("part", "router", "reason", what)));
        }
    }

    private record Refusing(String reason) implements Router {

        @Override
        public Route route(Address recipient) throws IOException {
            throw new IOException(reason);
        }
    }
}
