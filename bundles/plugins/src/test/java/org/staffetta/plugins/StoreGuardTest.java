package org.staffetta.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.plugin.PluginException;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Spool;
import org.staffetta.api.spool.SpoolException;

/** A store behind a guard: it may fail, and nothing is lost by that. */
@Timeout(60)
class StoreGuardTest {

    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor();
    private static final Warden WARDEN = new Warden(TIMER);
    private static final Envelope ENVELOPE = new Envelope(Address.parse("a@example.org"),
            List.of(new Recipient(Address.parse("b@example.org"), Map.of())), Map.of());

    private final List<String> notices = new CopyOnWriteArrayList<>();

    /** What a part of a store does when it is called. */
    private interface Behaviour {
        @SuppressWarnings("NullAway") // void methods return null
        Object call(Method method) throws Exception;
    }

    @AfterAll
    static void stop() {
        TIMER.shutdownNow();
    }

    @Test
    void what_it_says_of_its_storage_is_passed_on_and_does_not_count() {
        Spool spool = ours(method -> {
            throw new SpoolException(new Reply(452, "4.3.1", "full"));
        });
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(spool::draft).isInstanceOfSatisfying(SpoolException.class,
                    e -> assertThat(e.reply().code()).isEqualTo(452));
        }
        assertThat(notices).isEmpty();
    }

    @Test
    void after_repeated_faults_it_takes_nothing_new_and_what_it_had_begun_is_brought_to_its_end() throws Exception {
        List<String> done = new ArrayList<>();
        Claim claim = part(Claim.class, method -> done.add(method.getName()) ? nothing() : nothing());
        Spool spool = ours(method -> switch (method.getName()) {
            case "claim" -> Optional.of(claim);
            case "take" -> claim;
            default -> throw new IllegalStateException("a fault");
        });
        Claim claimed = spool.claim("1").orElseThrow();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(spool::draft).as("told together with its message").hasMessage("a fault")
                    .isExactlyInstanceOf(IllegalStateException.class);
        }
        assertThat(notices).singleElement().asString().contains("left alone for 30 s: it threw");
        assertThatThrownBy(spool::draft).isInstanceOfSatisfying(SpoolException.class,
                e -> assertThat(e.reply().toString()).startsWith("451 4.3.0"));
        claimed.update(List.of(), List.of());
        claimed.close();
        spool.take().close();
        assertThat(done).containsExactly("update", "close", "close");
    }

    @Test
    void one_of_our_own_that_hangs_is_not_interrupted_but_told_and_what_it_says_at_last_counts() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        Draft draft = part(Draft.class, method -> {
            if (method.getName().equals("commit")) {
                open.await();
            }
            return nothing();
        });
        Spool spool = ours(method -> draft);
        List<CompletableFuture<Void>> commits = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Draft begun = spool.draft();
            commits.add(CompletableFuture.runAsync(() -> commit(begun), Thread::startVirtualThread));
        }
        await().until(() -> notices.size() == 1);
        assertThat(notices).singleElement().asString().contains("has not come back from commit");
        assertThatThrownBy(spool::draft).isInstanceOf(SpoolException.class);
        assertThat(commits).noneMatch(CompletableFuture::isDone);
        open.countDown();
        commits.forEach(CompletableFuture::join);
    }

    @Test
    void where_it_is_isolated_the_client_is_told_451_and_a_draft_is_closed_only_when_its_commit_has_ended()
            throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        List<String> done = new CopyOnWriteArrayList<>();
        Draft draft = part(Draft.class, method -> {
            while (method.getName().equals("commit") && open.getCount() > 0) {
                Thread.onSpinWait();
            }
            done.add(method.getName());
            return nothing();
        });
        Spool spool = spool(true, method -> draft);
        Draft begun = spool.draft();
        assertThatThrownBy(() -> begun.commit(ENVELOPE, List.of(), Map.of())).isInstanceOfSatisfying(
                SpoolException.class, e -> assertThat(e.reply().toString()).startsWith("451 4.3.0"));
        begun.close();
        assertThat(done).isEmpty();
        open.countDown();
        await().untilAsserted(() -> assertThat(done).containsExactly("commit", "close"));
    }

    @Test
    void what_a_method_has_not_declared_is_unchecked() {
        Spool spool = spool(true, method -> {
            Thread.sleep(Duration.ofDays(1));
            return 0L;
        });
        assertThatThrownBy(spool::size).isExactlyInstanceOf(UncheckedIOException.class)
                .hasCauseExactlyInstanceOf(PluginException.class);
    }

    private static void commit(Draft draft) {
        try (draft) {
            draft.commit(ENVELOPE, List.of(), Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Spool ours(Behaviour behaviour) {
        return spool(false, behaviour);
    }

    private Spool spool(boolean isolated, Behaviour behaviour) {
        Terms terms = new Terms(Duration.ofMillis(200), isolated,
                new Breaker.Terms(3, Duration.ofSeconds(60), Duration.ofSeconds(30)),
                new Isolated.Limits(1, 64 << 20));
        Guard.Callers callers = new Guard.Callers(WARDEN.watch(new Patient()), WARDEN.watch(new Isolated("test", 4,
                terms::limits, WARDEN.processors(), TIMER, stuck -> {})));
        Guard guard = new Guard("Spool bad", Kind.Care.STORE, () -> terms, callers, new Breaker(System::nanoTime),
                notice -> notices.add(notice.text()));
        return guard.guarded(Spool.class, part(Spool.class, behaviour));
    }

    private static <T> T part(Class<T> type, Behaviour behaviour) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (proxy, method, arguments) -> behaviour.call(method)));
    }

    @SuppressWarnings("NullAway") // what a void method returns
    private static Object nothing() {
        return null;
    }
}
