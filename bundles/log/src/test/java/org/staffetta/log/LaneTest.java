package org.staffetta.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.staffetta.api.event.MailEvent;

@Timeout(30)
class LaneTest {
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    @Test
    void events_arrive_in_order_on_one_thread_and_the_end_waits_for_them() {
        List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        Lane lane = new Lane("test", 10_000, event -> {
            threads.add(Thread.currentThread());
            seen.add(event.queueId());
        });
        for (int i = 0; i < 1000; i++) {
            lane.offer(Events.numbered(i));
        }
        lane.close();
        assertThat(seen).hasSize(1000).startsWith("Q0", "Q1").endsWith("Q999");
        assertThat(threads).containsOnly(threads.getFirst());
        assertThat(threads.getFirst().isVirtual()).isFalse();
    }

    @Test
    void a_sink_that_stands_still_costs_events_but_never_time_and_is_told_how_many() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        Lane lane = new Lane("test", 10, new Lane.Sink() {
            @Override
            public void take(MailEvent event) {
                entered.countDown();
                awaitQuietly(open);
                seen.add(event.queueId());
            }

            @Override
            public void lost(long count) {
                seen.add("lost " + count);
            }
        });
        lane.offer(Events.numbered(0));
        entered.await();
        for (int i = 1; i <= 100; i++) {
            lane.offer(Events.numbered(i)); // would stand still here if it waited
        }
        open.countDown();
        lane.close();
        assertThat(seen).startsWith("Q0", "lost 90", "Q1").endsWith("Q10");
    }

    @Test
    void a_sink_that_throws_gets_the_next_event_nevertheless() {
        AtomicInteger calls = new AtomicInteger();
        Lane lane = new Lane("test", 10, event -> {
            switch (calls.getAndIncrement()) {
                case 0 -> throw new IllegalStateException("broken");
                case 1 -> throw new NoClassDefFoundError("gone");
                case 2 -> throw new StackOverflowError();
                default -> seen.add(event.queueId());
            }
        });
        for (int i = 0; i < 5; i++) {
            lane.offer(Events.numbered(i));
        }
        lane.close();
        assertThat(seen).containsExactly("Q3", "Q4");
    }

    @Test
    void what_comes_just_before_the_end_is_handed_on() throws InterruptedException {
        CountDownLatch looked = new CountDownLatch(1);
        CountDownLatch offered = new CountDownLatch(1);
        Lane lane = new Lane("test", 10, new Lane.Sink() {
            @Override
            public void take(MailEvent event) {
                seen.add(event.queueId());
            }

            // the lane has looked, found nothing, and is about to wait when the last events and the end come at once
            @Override
            public void idle() {
                looked.countDown();
                try {
                    offered.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        Thread end = Thread.ofPlatform().unstarted(lane::close);
        looked.await();
        lane.offer(Events.numbered(0));
        lane.offer(Events.numbered(1));
        end.start();
        await().until(() -> end.getState() == Thread.State.TIMED_WAITING);
        offered.countDown();
        end.join();
        assertThat(seen).containsExactly("Q0", "Q1");
    }

    @Test
    void it_says_when_it_has_nothing_to_do() {
        AtomicInteger idle = new AtomicInteger();
        Lane lane = new Lane("test", 10, new Lane.Sink() {
            @Override
            public void take(MailEvent event) {
                seen.add(event.queueId());
            }

            @Override
            public void idle() {
                idle.incrementAndGet();
            }
        });
        await().until(() -> idle.get() == 1);
        lane.offer(Events.numbered(1));
        await().until(() -> idle.get() == 2);
        assertThat(seen).containsExactly("Q1");
        lane.close();
    }

    @Test
    void what_comes_after_the_end_is_ignored() {
        Lane lane = new Lane("test", 10, event -> seen.add(event.queueId()));
        lane.close();
        lane.offer(Events.numbered(1));
        assertThat(seen).isEmpty();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
