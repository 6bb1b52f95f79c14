package org.staffetta.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.staffetta.api.delivery.Attempt;
import org.staffetta.api.delivery.Outcome;
import org.staffetta.api.delivery.Transport;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.routing.Route;
import org.staffetta.api.routing.Router;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Spool;
import org.staffetta.plugins.TestPlugins;

/**
 * An engine on one thread with a clock that the test moves: tasks run in turn, or in an order drawn by a seed. Routes are a table by
 * address, then by domain; transports are lambdas.
 */
final class Bench {
    static final String TEXT = "From: <alice@here.test>\r\nSubject: Hello\r\n\r\nHow are you?\r\n";
    static final Outcome OK = new Outcome.Delivered(new Reply(250, "2.0.0", "ok"), "mx.there.test[192.0.2.7]:25");
    static final Outcome LATER = new Outcome.Deferred(new Reply(450, "4.2.1", "busy"), "mx.there.test[192.0.2.7]:25");
    static final Outcome NO = new Outcome.Failed(new Reply(550, "5.1.1", "no such user"),
            "mx.there.test[192.0.2.7]:25");

    final FakeTime clock = new FakeTime();
    final Map<String, Route> routes = new HashMap<>();
    final Map<String, Transport> transports = new LinkedHashMap<>();
    final List<MailEvent> events = new ArrayList<>();
    final List<Attempt> attempts = new ArrayList<>();
    final Random random;
    MemorySpool spool = new MemorySpool(clock);
    Settings settings = settings("0");
    TestPlugins plugins = new TestPlugins();
    Engine engine;
    private Source source;
    private final Set<String> registered = new HashSet<>();
    private final List<Runnable> tasks = new ArrayList<>();
    private final boolean shuffled;

    Bench() {
        this(0, false);
    }

    Bench(long seed, boolean shuffled) {
        this.random = new Random(seed);
        this.shuffled = shuffled;
        routes.put("there.test", new Route.Relay("smtp", "there.test"));
        routes.put("here.test", new Route.Local("mda", "here.test"));
        start();
    }

    static Settings settings(String warnAfter) {
        LaneSettings lanes = new LaneSettings(5, 20, 50, Map.of(), 5_000, 1_000, Duration.ofSeconds(30),
                Duration.ofMinutes(30));
        Duration warning = warnAfter.equals("0") ? Duration.ZERO : Duration.parse(warnAfter);
        Schedule schedule = new Schedule(Duration.ofMinutes(5), Duration.ofMinutes(70), Duration.ofDays(5),
                Duration.ofDays(2), warning);
        return new Settings("mx.here.test", Address.parse("postmaster@here.test"), "file", 20_000, 100,
                Duration.ofHours(1),
                Duration.ofSeconds(1), 50_000, lanes, schedule);
    }

    /** A transport that answers for each recipient. */
    static Transport answering(Function<Recipient, Outcome> answers) {
        return attempt -> {
            Map<Recipient, Outcome> outcomes = new HashMap<>();
            attempt.envelope().recipients().forEach(recipient -> outcomes.put(recipient, answers.apply(recipient)));
            return outcomes;
        };
    }

    /** Has the engine know one more spool. */
    Source attach(String name, Spool other) {
        plugins.put(Spool.class, other, name);
        return engine.attach(plugins.leaseAll(Spool.class).stream().filter(lease -> lease.service() == other)
                .findFirst().orElseThrow());
    }

    void start() {
        plugins = new TestPlugins();
        engine = new Engine(settings, clock.time(), random, tasks::add, plugins, Duration.ZERO, () -> events::add);
        source = attach("file", spool);
        plugins.put(Router.class, address -> {
            Route route = routes.get(address.toString());
            return route != null ? route : routes.getOrDefault(address.domain(), new Route.Unknown());
        }, "table");
        registered.clear();
        Map.copyOf(transports).forEach(this::transport);
    }

    /** The process dies and starts anew; only what the spool has on storage is left. */
    void restart() {
        tasks.clear();
        spool = spool.crash();
        start();
    }

    /** Puts a transport in place of the one of that name, if there is one. */
    void transport(String name, Transport transport) {
        if (registered.add(name)) {
            plugins.put(Transport.class, attempt -> {
                attempts.add(attempt);
                return transports.getOrDefault(name, transport).deliver(attempt);
            }, name);
        }
        transports.put(name, transport);
    }

    String mail(String sender, String... recipients) {
        return mail(envelope(sender, Map.of(), Arrays.stream(recipients).map(r -> new Recipient(Address.parse(r)))
                .toArray(Recipient[]::new)));
    }

    String mail(Envelope envelope) {
        return spool.put(envelope, TEXT);
    }

    static Envelope envelope(String sender, Map<String, String> parameters, Recipient... recipients) {
        return new Envelope(sender.isEmpty() ? Address.NULL : Address.parse(sender), List.of(recipients), parameters);
    }

    static Recipient recipient(String address, String notify) {
        return new Recipient(Address.parse(address), notify.isEmpty() ? Map.of() : Map.of("NOTIFY", notify));
    }

    /** Does all that is due now. */
    void run() {
        take();
        while (!tasks.isEmpty()) {
            step();
            take();
        }
    }

    /** Takes all that is due in work, but lets nothing run. */
    void take() {
        Optional<Claim> claim = spool.poll();
        while (claim.isPresent()) {
            engine.accept(source, claim.get(), () -> {});
            claim = spool.poll();
        }
    }

    boolean step() {
        if (tasks.isEmpty()) {
            return false;
        }
        tasks.remove(shuffled ? random.nextInt(tasks.size()) : 0).run();
        return true;
    }

    /** Lets the time pass, doing what becomes due when it does. */
    void pass(Duration duration) {
        Instant end = clock.instant().plus(duration);
        run();
        Optional<Instant> next = spool.nextDue();
        while (next.isPresent() && !next.get().isAfter(end)) {
            Duration step = Duration.between(clock.instant(), next.get());
            clock.pass(step.isNegative() ? Duration.ZERO : step);
            engine.tick();
            run();
            next = spool.nextDue();
        }
        clock.pass(Duration.between(clock.instant(), end));
        engine.tick();
    }

    List<MailEvent> events(MailEvent.Kind kind) {
        return events.stream().filter(event -> event.kind() == kind).toList();
    }

    List<String> tried() {
        return attempts.stream().flatMap(attempt -> attempt.envelope().recipients().stream())
                .map(recipient -> recipient.address().toString()).toList();
    }
}
