package org.staffetta.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.staffetta.api.delivery.Transport;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.mail.Address;
import org.staffetta.api.routing.Route;
import org.staffetta.api.routing.Router;
import org.staffetta.api.spool.Pending;
import org.staffetta.api.spool.Spool;
import org.staffetta.plugins.TestPlugins;

/** The engine with its real threads and the real clock. */
@Timeout(60)
class EngineTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Transport TAKES_ALL = Bench.answering(recipient -> Bench.OK);

    private final List<MailEvent> events = new CopyOnWriteArrayList<>();
    private final Executor threads = task -> Thread.ofVirtual().start(task);
    private final MemorySpool spool = new MemorySpool(InstantSource.system());
    private final TestPlugins plugins = new TestPlugins();
    private final Engine engine = engine(Bench.settings("0"));

    private Engine engine(Settings settings) {
        return new Engine(settings, Time.system(), new Random(1), threads, plugins, Duration.ofMillis(200),
                () -> events::add);
    }

    private static Settings with(Duration attemptTimeout, Duration drainTimeout, int activeLimit) {
        Settings plain = Bench.settings("0");
        return new Settings(plain.hostname(), plain.postmaster(), plain.spool(), activeLimit, 100, attemptTimeout,
                drainTimeout,
                50_000, plain.lanes(), plain.schedule());
    }

    private void drain(MemorySpool one) {
        plugins.put(Spool.class, one, one == spool ? "file" : "other");
    }

    private void route() {
        plugins.put(Router.class, address -> new Route.Relay("smtp", address.domain()), "table");
    }

    private String mail(String recipient) {
        return spool.put(Bench.envelope("", Map.of(), Bench.recipient(recipient, "")), Bench.TEXT);
    }

    @BeforeEach
    void start() {
        engine.follow();
    }

    @AfterEach
    void stop() throws InterruptedException {
        engine.stop();
        assertThat(plugins.leases()).as("leases that are out after the end").isZero();
    }

    @Test
    void many_messages_pass_each_once() {
        Set<Address> got = ConcurrentHashMap.newKeySet();
        AtomicInteger copies = new AtomicInteger();
        plugins.put(Transport.class, Bench.answering(recipient -> {
            copies.incrementAndGet();
            got.add(recipient.address());
            return Bench.OK;
        }), "smtp");
        route();
        drain(spool);
        IntStream.range(0, 5_000).forEach(i -> mail("u" + i + "@d" + i % 50 + ".test"));

        await().until(() -> spool.size() == 0);
        assertThat(got).hasSize(5_000);
        assertThat(copies).hasValue(5_000);
    }

    @Test
    void each_of_several_spools_is_drained() {
        MemorySpool other = new MemorySpool(InstantSource.system());
        plugins.put(Transport.class, TAKES_ALL, "smtp");
        route();
        drain(spool);
        drain(other);
        mail("a@b.test");
        other.put(Bench.envelope("", Map.of(), Bench.recipient("c@d.test", "")), Bench.TEXT);
        await().until(() -> spool.size() + other.size() == 0);
    }

    @Test
    void nothing_is_taken_before_there_is_a_router() {
        plugins.put(Transport.class, TAKES_ALL, "smtp");
        drain(spool);
        String id = mail("a@b.test");
        await().during(Duration.ofMillis(200)).until(() -> spool.claim(id).map(claim -> {
            claim.close();
            return true;
        }).orElse(false));
        route();
        await().until(() -> spool.size() == 0);
    }

    @Test
    void a_transport_that_is_exchanged_is_waited_for() {
        drain(spool);
        route();
        mail("a@b.test");
        plugins.put(Transport.class, TAKES_ALL, "smtp"); // within the engine's patience
        await().until(() -> spool.size() == 0);
        assertThat(events).noneMatch(event -> event.kind() == MailEvent.Kind.DEFERRED);
    }

    @Test
    void no_more_messages_are_in_work_than_the_limit_and_a_new_limit_counts_at_once() throws InterruptedException {
        engine.reconfigure(with(Duration.ofHours(1), Duration.ofSeconds(1), 3));
        CountDownLatch open = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        plugins.put(Transport.class, attempt -> {
            running.incrementAndGet();
            open.await();
            return TAKES_ALL.deliver(attempt);
        }, "smtp");
        route();
        drain(spool);
        IntStream.range(0, 20).forEach(i -> mail("u@d" + i + ".test"));

        await().untilAtomic(running, equalTo(3));
        await().during(Duration.ofMillis(100)).until(() -> running.get() == 3);
        engine.reconfigure(with(Duration.ofHours(1), Duration.ofSeconds(1), 10));
        await().untilAtomic(running, equalTo(10));
        open.countDown();
        await().until(() -> spool.size() == 0);
    }

    @Test
    void an_attempt_that_takes_too_long_is_interrupted_and_the_message_deferred() {
        engine.reconfigure(with(Duration.ofMillis(50), Duration.ofSeconds(1), 100));
        plugins.put(Transport.class, attempt -> {
            TimeUnit.HOURS.sleep(1);
            return Map.of();
        }, "smtp");
        route();
        drain(spool);
        String id = mail("a@b.test");

        await().until(() -> {
            engine.tick();
            return spool.entry(id).pending().getFirst().attempts() == 1;
        });
        assertThat(spool.entry(id).pending().getFirst().lastReply()).isEqualTo("451 4.4.2 the attempt took too long");
        assertThat(events).anyMatch(event -> event.kind() == MailEvent.Kind.ALARM);
    }

    @Test
    void a_slow_destination_does_not_hold_the_others() {
        CountDownLatch open = new CountDownLatch(1);
        plugins.put(Transport.class, attempt -> {
            if (attempt.nextHop().equals("slow.test")) {
                open.await();
            }
            return TAKES_ALL.deliver(attempt);
        }, "smtp");
        route();
        drain(spool);
        IntStream.range(0, 500).forEach(i -> mail("u" + i + "@slow.test"));
        IntStream.range(0, 100).forEach(i -> mail("u@d" + i + ".test"));

        await().until(() -> spool.size() == 500);
        assertThat(engine.core().lanes().view()).singleElement().satisfies(lane -> {
            assertThat(lane.active()).isEqualTo(5);
            assertThat(lane.waiting()).isEqualTo(495);
        });
        open.countDown();
        await().until(() -> spool.size() == 0);
    }

    @Test
    void a_stop_lets_attempts_end_and_gives_the_rest_back() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(5);
        CountDownLatch open = new CountDownLatch(1);
        plugins.put(Transport.class, attempt -> {
            begun.countDown();
            open.await();
            return TAKES_ALL.deliver(attempt);
        }, "smtp");
        route();
        drain(spool);
        IntStream.range(0, 50).forEach(i -> mail("u" + i + "@there.test"));
        begun.await();
        Thread stopping = Thread.ofPlatform().start(() -> {
            try {
                engine.stop();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        await().until(() -> engine.core().lanes().view().stream().allMatch(lane -> lane.waiting() == 0));
        open.countDown();
        stopping.join();

        assertThat(spool.size()).isEqualTo(45);
        assertThat(IntStream.range(0, 45).mapToObj(i -> spool.poll()).filter(Optional::isPresent)).hasSize(45);
        assertThat(spool.entries().flatMap(e -> e.pending().stream()).map(Pending::attempts)).containsOnly(0);
    }

    @Test
    void a_stop_interrupts_what_does_not_end_and_counts_no_attempt() throws InterruptedException {
        engine.reconfigure(with(Duration.ofHours(1), Duration.ofMillis(50), 100));
        CountDownLatch begun = new CountDownLatch(2);
        plugins.put(Transport.class, attempt -> {
            begun.countDown();
            try {
                TimeUnit.HOURS.sleep(1);
            } catch (InterruptedException e) {
                throw new InterruptedIOException("given up");
            }
            return Map.of();
        }, "smtp");
        route();
        drain(spool);
        mail("a@b.test");
        mail("c@d.test");
        begun.await();
        engine.stop();

        assertThat(spool.poll()).isPresent();
        assertThat(spool.poll()).isPresent();
        assertThat(spool.entries().flatMap(e -> e.pending().stream())).allMatch(p -> p.attempts() == 0);
    }

    @Test
    void a_spool_that_leaves_takes_its_messages_along_and_the_other_goes_on() throws InterruptedException {
        MemorySpool other = new MemorySpool(InstantSource.system());
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(5);
        plugins.put(Transport.class, attempt -> {
            begun.countDown();
            open.await();
            return TAKES_ALL.deliver(attempt);
        }, "smtp");
        route();
        drain(spool);
        IntStream.range(0, 20).forEach(i -> mail("u" + i + "@there.test"));
        begun.await();
        drain(other);
        other.put(Bench.envelope("", Map.of(), Bench.recipient("x@there.test", "")), Bench.TEXT);
        open.countDown();
        assertThat(plugins.remove(spool, LONG)).isTrue();

        long left = spool.size();
        assertThat(engine.spools()).containsExactly(other);
        await().until(() -> other.size() == 0);
        assertThat(spool.size()).isEqualTo(left);
        assertThat(IntStream.range(0, (int) left).mapToObj(i -> spool.poll())).allMatch(Optional::isPresent);
    }

    @Test
    void a_transport_is_let_go_only_when_its_attempts_have_ended() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        List<String> order = new CopyOnWriteArrayList<>();
        Transport old = attempt -> {
            begun.countDown();
            open.await();
            order.add("delivered");
            return TAKES_ALL.deliver(attempt);
        };
        plugins.put(Transport.class, old, "smtp");
        route();
        drain(spool);
        mail("a@b.test");
        begun.await();
        plugins.put(Transport.class, TAKES_ALL, "smtp");
        mail("c@d.test");
        await().until(() -> spool.size() == 1); // the new one took over at once
        threads.execute(open::countDown);
        assertThat(plugins.remove(old, LONG)).isTrue();
        order.add("removed");

        assertThat(order).containsExactly("delivered", "removed");
        await().until(() -> spool.size() == 0);
    }
}
