package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LockoutTest {

    private final AtomicLong clock = new AtomicLong(-5);
    private final Lockout lockout = new Lockout(100, clock::get);

    @Test
    void soManyFailuresLockForAWhile() {
        assertThat(lockout.fail("a", 3, 60)).isFalse();
        assertThat(lockout.fail("a", 3, 60)).isFalse();
        assertThat(lockout.isLocked("a", 60)).isFalse();
        assertThat(lockout.fail("a", 3, 60)).isTrue();
        assertThat(lockout.isLocked("a", 60)).isTrue();
        assertThat(lockout.isLocked("b", 60)).isFalse();
        pass(59);
        assertThat(lockout.isLocked("a", 60)).isTrue();
        pass(1);
        assertThat(lockout.isLocked("a", 60)).isFalse();
    }

    @Test
    void afterThatCountingBeginsAnew() {
        fail("a", 3);
        pass(60);
        assertThat(lockout.fail("a", 3, 60)).isFalse();
        assertThat(lockout.isLocked("a", 60)).isFalse();
    }

    @Test
    void failuresOfLongAgoDoNotCount() {
        fail("a", 2);
        pass(60);
        assertThat(lockout.fail("a", 3, 60)).isFalse();
    }

    @Test
    void memoryIsBoundedAndWhoFailsNowIsRemembered() {
        fail("a", 3);
        for (int i = 0; i < 1000; i++) {
            lockout.fail(i, 3, 60);
            assertThat(lockout.isLocked("a", 60)).isTrue();
        }
        assertThat(lockout.size()).isEqualTo(100);
        for (int i = 0; i < 100; i++) {
            lockout.fail(i, 3, 60);
        }
        assertThat(lockout.isLocked("a", 60)).isFalse();
    }

    private void fail(Object who, int times) {
        for (int i = 0; i < times; i++) {
            lockout.fail(who, 3, 60);
        }
    }

    private void pass(int seconds) {
        clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }
}
