package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DoorkeeperTest {

    private static final Settings.Limits LIMITS = TestSettings
            .of("max.auth.failures.client=4", "max.auth.failures.name=6", "auth.lock=60").limits();
    private static final String HOME = "192.0.2.1";

    private final AtomicLong clock = new AtomicLong();
    private final Doorkeeper doorkeeper = new Doorkeeper(100, 1, Duration.ofMillis(100), clock::get);

    @Test
    void aNameWithTooManyFailuresIsLookedAtNowhere() {
        fail("bob", 6);
        assertThat(reply("bob", HOME)).isEqualTo("454 4.7.0 too many failed logins, come back later");
        assertThat(reply("carol", HOME)).isEmpty();
    }

    @Test
    void butWhereItHasLoggedInBefore() {
        succeed("bob", HOME);
        fail("bob", 6);
        assertThat(reply("bob", HOME)).isEmpty();
        assertThat(reply("bob", "192.0.2.2")).startsWith("454");
    }

    @Test
    void aSuccessDoesNotForgetTheFailuresOfOthers() {
        fail("bob", 5);
        succeed("bob", HOME);
        fail("bob", 1);
        assertThat(reply("bob", "192.0.2.2")).startsWith("454");
    }

    @Test
    void whoeverIsBehindTheAddressOfAnAcquaintanceDoesNotGuessMoreThanOthers() {
        succeed("bob", HOME);
        for (int i = 0; i < 4; i++) {
            assertThat(reply("bob", HOME)).isEmpty();
            try (Doorkeeper.Visit visit = doorkeeper.visit(HOME, LIMITS)) {
                visit.claim("bob");
                visit.failed();
            }
        }
        assertThat(reply("bob", HOME)).isEqualTo("421 4.7.0 too many failed logins, come back later");
        assertThat(doorkeeper.visit(HOME, LIMITS).refusal()).isPresent();
    }

    @Test
    void strangersAreLookedAtOneAfterTheOther() {
        succeed("bob", HOME);
        try (Doorkeeper.Visit first = doorkeeper.visit("192.0.2.7", LIMITS)) {
            assertThat(first.claim("mallory")).isEmpty();
            assertThat(reply("carol", "192.0.2.8")).isEqualTo("454 4.7.0 too many logins at once, come back later");
            assertThat(reply("bob", HOME)).as("he is known").isEmpty();
            first.stepOut();
            assertThat(reply("carol", "192.0.2.8")).as("while the first is waited for").isEmpty();
            assertThat(first.stepIn()).isEmpty();
        }
        assertThat(reply("carol", "192.0.2.8")).isEmpty();
    }

    @Test
    void whoHasWaitedIsNotLookedAtIfTheOnesBeforeHaveFailedTooOften() {
        Doorkeeper patient = new Doorkeeper(100, 1, Duration.ofSeconds(20), clock::get);
        Doorkeeper.Visit first = patient.visit(HOME, LIMITS);
        first.claim("bob");
        List<CompletableFuture<Optional<Answer>>> others = List.of(later(patient), later(patient));
        await().pollDelay(Duration.ofMillis(50)).until(() -> others.stream().noneMatch(CompletableFuture::isDone));
        for (int i = 0; i < 4; i++) {
            first.failed();
        }
        first.close();
        assertThat(others).allSatisfy(one -> assertThat(one.join()).isPresent());
    }

    @Test
    void memoryIsBounded() {
        succeed("bob", HOME);
        for (int i = 0; i < 100; i++) {
            succeed("other" + i, HOME);
        }
        fail("bob", 6);
        assertThat(reply("bob", HOME)).as("forgotten").startsWith("454");
    }

    private static CompletableFuture<Optional<Answer>> later(Doorkeeper doorkeeper) {
        return CompletableFuture.supplyAsync(() -> {
            try (Doorkeeper.Visit visit = doorkeeper.visit(HOME, LIMITS)) {
                return visit.claim("bob");
            }
        }, command -> Thread.ofVirtual().start(command));
    }

    private void fail(String name, int times) {
        for (int i = 0; i < times; i++) {
            try (Doorkeeper.Visit visit = doorkeeper.visit("198.51.100." + i, LIMITS)) {
                visit.claim(name);
                visit.failed();
            }
        }
    }

    private void succeed(String name, String client) {
        try (Doorkeeper.Visit visit = doorkeeper.visit(client, LIMITS)) {
            visit.claim(name);
            visit.succeeded();
        }
    }

    /** What somebody is told; empty if he is looked at. */
    private String reply(String name, String client) {
        try (Doorkeeper.Visit visit = doorkeeper.visit(client, LIMITS)) {
            return visit.claim(name).map(answer -> answer.reply().toString()).orElse("");
        }
    }
}
