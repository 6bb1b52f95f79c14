package org.staffetta.auth.oauth;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
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
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvents;

/** One issuer of tokens, and the thread that looks at its keys. */
@Component(service = Issuer.class, configurationPid = "org.staffetta.oauth", configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true)
@Designate(ocd = IssuerConfig.class, factory = true)
public final class Issuer {

    private static final Logger LOG = LoggerFactory.getLogger(Issuer.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final String name;
    private final Path conf;
    private final Thread watcher;
    private volatile State state;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable MailEvents events;

    /** What a login begins with, and goes on with to its end. */
    private record State(Settings settings, LiveKeys keys) {}

    /**
     * Reads the settings.
     *
     * @throws IllegalArgumentException if one is wrong; the message is for the operator
     */
    @Activate
    public Issuer(BundleContext context, IssuerConfig config, Map<String, Object> properties) {
        String pid = String.valueOf(properties.get(Constants.SERVICE_PID));
        this.name = pid.substring(pid.indexOf('~') + 1);
        this.conf = Path.of(Objects.requireNonNullElse(context.getProperty("staffetta.conf"), "conf"));
        Settings settings = Settings.of(name, config);
        this.state = new State(settings, keys(settings));
        this.watcher = Thread.ofPlatform().daemon().name("oauth keys " + name).unstarted(this::watch);
    }

    /** Begins to look, now that alarms can be told. */
    @Activate
    void start() {
        watcher.start();
    }

    /** Takes new settings, or says what is wrong with them and keeps the old. */
    @Modified
    void modified(IssuerConfig config) {
        try {
            Settings settings = Settings.of(name, config);
            State before = state;
            boolean same = settings.keys().equals(before.settings().keys())
                    && settings.refresh().equals(before.settings().refresh());
            state = new State(settings, same ? before.keys() : keys(settings));
            if (!same) {
                before.keys().close();
            }
        } catch (IllegalArgumentException wrong) {
            LOG.error("oauth.{} keeps its settings: {}", name, wrong.getMessage());
        }
    }

    /** Ends. */
    @Deactivate
    void stop() {
        watcher.interrupt();
        state.keys().close();
    }

    String name() {
        return name;
    }

    Settings settings() {
        return state.settings();
    }

    /**
     * The name of the account that a token is for.
     *
     * @throws TokenException if it is not to be believed
     * @throws IOException if that cannot be told now
     */
    String verify(Token token) throws TokenException, IOException {
        State now = state;
        Verifier verifier = verifier(now);
        try {
            verifier.checkSignature(token);
        } catch (TokenException refused) {
            if (refused.fault() != Fault.KEY) {
                throw refused;
            }
            // the issuer may have begun to use a new one
            now.keys().renew();
            verifier = verifier(now);
            verifier.checkSignature(token);
        }
        return verifier.checkClaims(token);
    }

    private static Verifier verifier(State now) throws IOException {
        return new Verifier(now.settings(), now.keys().keys(), InstantSource.system());
    }

    private LiveKeys keys(Settings settings) {
        KeySource source = settings.url()
                .<KeySource>map(url -> new KeyUrl(url,
                        new KeyUrl.Times(settings.refresh(), PAUSE, DEADLINE), System::nanoTime))
                .orElseGet(() -> new KeyFile(conf.resolve(settings.keys())));
        return new LiveKeys("oauth." + name + ".keys = " + settings.keys(), source, this::alarm);
    }

    private void watch() {
        try {
            while (true) {
                look();
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException stopped) {
            // the component goes
        }
    }

    /** Looks at the keys once. */
    void look() throws InterruptedException {
        try {
            state.keys().look();
        } catch (RuntimeException bug) {
            LOG.error("the keys of oauth.{} could not be looked at", name, bug);
        }
    }

    private void alarm(String what) {
        LOG.error("{}", what);
        MailEvents publisher = events;
        if (publisher != null) {
            publisher.publish(new MailEvent(InstantSource.system().instant(), MailEvent.Kind.ALARM, "", "",
                    Map.of("part", "oauth", "reason", what)));
        }
    }
}
