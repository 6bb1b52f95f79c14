package org.staffetta.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.staffetta.api.mail.Address;
import org.staffetta.api.plugin.PluginException;
import org.staffetta.api.routing.Route;
import org.staffetta.api.routing.Router;

/** A bad plug-in hurts only itself: whatever it does, its caller gets one kind of exception, in time. */
@Timeout(20)
class GuardTest {

    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor();
    private static final Address ADDRESS = Address.parse("a@example.org");
    private static final Route ROUTE = new Route.Unknown();
    private static final Breaker.Terms BREAKER = new Breaker.Terms(3, Duration.ofSeconds(60), Duration.ofSeconds(30));
    private static final Isolated.Limits LIMITS = new Isolated.Limits(0.1, 64 << 20);
    private static final Terms TERMS = new Terms(Duration.ofMillis(100), true, BREAKER, LIMITS);
    private static final Warden WARDEN = new Warden(TIMER);

    private final AtomicLong now = new AtomicLong();
    private final List<String> notices = new ArrayList<>();

    static Stream<Caller> callers() {
        return Stream.of(WARDEN.watch(new Caller.Inline()), isolated(4));
    }

    @AfterAll
    static void stop() {
        TIMER.shutdownNow();
    }

    @ParameterizedTest
    @MethodSource("callers")
    void a_good_one_is_passed_through(Caller caller) throws Exception {
        Guard guard = guard(caller, Kind.Care.GUARDED);
        assertThat(guard.guarded(Router.class, address -> ROUTE).route(ADDRESS)).isSameAs(ROUTE);
        assertThat(guard.stats().calls()).isEqualTo(1);
        assertThat(guard.stats().failures()).isZero();
    }

    @ParameterizedTest
    @MethodSource("callers")
    void one_that_sleeps_for_ever_is_left_at_its_deadline(Caller caller) {
        Router sleeper = address -> {
            try {
                Thread.sleep(Duration.ofDays(1));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return ROUTE;
        };
        assertThatThrownBy(() -> guard(caller, Kind.Care.GUARDED).guarded(Router.class, sleeper).route(ADDRESS))
                .isInstanceOf(PluginException.class)
                .hasMessage("Router bad overran its deadline of 100 ms in route");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("callers")
    void one_that_throws_or_fails_to_link_or_returns_null_is_told_apart(Caller caller) {
        assertThatThrownBy(() -> guard(caller, Kind.Care.GUARDED).guarded(Router.class, address -> {
            throw new IllegalStateException("oops");
        }).route(ADDRESS)).isInstanceOf(PluginException.class)
                .hasMessage("Router bad threw java.lang.IllegalStateException: oops");
        assertThatThrownBy(() -> guard(caller, Kind.Care.GUARDED).guarded(Router.class, address -> {
            throw new NoClassDefFoundError("x/Y");
        }).route(ADDRESS)).isInstanceOf(PluginException.class)
                .hasMessage("Router bad threw java.lang.NoClassDefFoundError: x/Y");
        assertThatThrownBy(
                () -> guard(caller, Kind.Care.GUARDED).guarded(Router.class, GuardTest::nothing).route(ADDRESS))
                .isInstanceOf(PluginException.class)
                .hasMessage("Router bad returned null from route");
    }

    @ParameterizedTest
    @MethodSource("callers")
    void an_io_exception_is_passed_on_as_it_is(Caller caller) {
        Router router = address -> {
            throw new IOException("directory is down");
        };
        Guard guilty = guard(caller, Kind.Care.GUARDED);
        assertThatThrownBy(() -> guilty.guarded(Router.class, router).route(ADDRESS))
                .isExactlyInstanceOf(IOException.class);
        assertThat(guilty.stats().failures()).isEqualTo(1);
        Guard innocent = guard(caller, Kind.Care.GUARDED_WITH_PEER);
        assertThatThrownBy(() -> innocent.guarded(Router.class, router).route(ADDRESS))
                .isExactlyInstanceOf(IOException.class);
        assertThat(innocent.stats().failures()).isZero();
    }

    @ParameterizedTest
    @MethodSource("callers")
    void after_repeated_failures_it_is_left_alone_then_tried_once(Caller caller) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        boolean[] well = {false};
        Guard guard = guard(caller, Kind.Care.GUARDED);
        Router router = guard.guarded(Router.class, address -> {
            calls.incrementAndGet();
            if (!well[0]) {
                throw new IllegalStateException("oops");
            }
            return ROUTE;
        });
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> router.route(ADDRESS)).isInstanceOf(PluginException.class);
        }
        assertThat(calls).hasValue(3);
        assertThat(notices).containsExactly(
                "Router bad: failed repeatedly and is left alone for 30 s: it threw java.lang.IllegalStateException: oops");

        now.addAndGet(Duration.ofSeconds(31).toNanos());
        assertThatThrownBy(() -> router.route(ADDRESS)).hasMessageContaining("oops");
        assertThatThrownBy(() -> router.route(ADDRESS)).hasMessageContaining("left alone");
        assertThat(calls).hasValue(4);

        now.addAndGet(Duration.ofSeconds(31).toNanos());
        assertThatThrownBy(() -> router.route(ADDRESS)).as("twice as long the second time")
                .hasMessageContaining("left alone");
        now.addAndGet(Duration.ofSeconds(30).toNanos());
        well[0] = true;
        assertThat(router.route(ADDRESS)).isSameAs(ROUTE);
        assertThat(router.route(ADDRESS)).isSameAs(ROUTE);
        assertThat(notices).last().isEqualTo("Router bad: works again");
    }

    @ParameterizedTest
    @MethodSource("callers")
    void once_taken_away_it_is_called_no_more(Caller caller) {
        Guard guard = guard(caller, Kind.Care.GUARDED);
        Router router = guard.guarded(Router.class, address -> ROUTE);
        guard.expire("was taken away");
        assertThatThrownBy(() -> router.route(ADDRESS)).isInstanceOf(PluginException.class)
                .hasMessage("Router bad was taken away");
    }

    @Test
    void more_calls_than_threads_wait_and_a_thread_that_never_comes_back_is_not_used_again() throws Exception {
        Isolated caller = isolated(1);
        CountDownLatch open = new CountDownLatch(1);
        Router stubborn = address -> {
            boolean opened = false;
            while (!opened) {
                try {
                    open.await();
                    opened = true;
                } catch (InterruptedException e) {
                    // heeds no interrupt
                }
            }
            return ROUTE;
        };
        assertThatThrownBy(() -> guard(caller, Kind.Care.GUARDED).guarded(Router.class, stubborn).route(ADDRESS))
                .hasMessageContaining("overran its deadline");
        assertThatThrownBy(
                () -> guard(caller, Kind.Care.GUARDED).guarded(Router.class, address -> ROUTE).route(ADDRESS))
                .hasMessage("Router bad has all its threads in use in route");
        open.countDown();
        await().ignoreExceptions()
                .until(() -> guard(caller, Kind.Care.GUARDED).guarded(Router.class, address -> ROUTE)
                        .route(ADDRESS) == ROUTE);
    }

    @ParameterizedTest
    @MethodSource("callers")
    void a_call_that_runs_when_it_is_taken_away_ends(Caller caller) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Terms patient = new Terms(Duration.ZERO, true, BREAKER, LIMITS);
        Guard guard = new Guard("Router bad", Kind.Care.GUARDED, () -> patient, new Guard.Callers(caller, caller),
                new Breaker(now::get), notice -> notices.add(notice.text()));
        Router router = guard.guarded(Router.class, address -> {
            begun.countDown();
            try {
                Thread.sleep(Duration.ofDays(1));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return ROUTE;
        });
        Thread taker = Thread.startVirtualThread(() -> {
            try {
                begun.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            guard.expire("was taken away");
        });
        assertThatThrownBy(() -> router.route(ADDRESS)).isInstanceOf(PluginException.class)
                .hasMessage("Router bad was taken away");
        taker.join();
    }

    private static Isolated isolated(int threads) {
        return WARDEN.watch(new Isolated("test", threads, () -> LIMITS, WARDEN.processors(), TIMER, stuck -> {}));
    }

    private Guard guard(Caller caller, Kind.Care care) {
        return new Guard("Router bad", care, () -> TERMS, new Guard.Callers(caller, caller),
                new Breaker(now::get),
                notice -> notices.add(notice.plugin() + ": " + notice.text()));
    }

    @SuppressWarnings("NullAway") // what a plug-in may do wrong
    private static Route nothing(Address address) {
        return null;
    }
}
