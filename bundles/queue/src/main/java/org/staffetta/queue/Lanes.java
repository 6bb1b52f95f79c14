package org.staffetta.queue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.staffetta.api.queue.MailQueue;

/**
 * Lets jobs run, each destination within its own limit, all together within the total, in turn among those that have work: a long
 * lane or a slow one takes nothing from the others but its own few places.
 */
final class Lanes {
    private static final long LONGEST_POSTPONEMENT = Duration.ofMinutes(1).toNanos();

    private final Time time;
    private final Supplier<LaneSettings> settings;
    private final RandomGenerator random;
    private final Executor threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Lane> lanes = new HashMap<>();
    private final Deque<Lane> ring = new ArrayDeque<>();
    private int running;
    private boolean closed;

    /** What became of an offer. */
    sealed interface Answer {

        /** The job runs or waits. */
        record Accepted() implements Answer {}

        /** Too many wait already: come back after the given nanoseconds. */
        record Full(long afterNanos) implements Answer {}

        /** The lane is left alone for the given nanoseconds. */
        record Suspended(Health.Trouble trouble, long pauseNanos) implements Answer {}

        /** Nothing starts any more. */
        record Closed() implements Answer {}
    }

    Lanes(Time time, Supplier<LaneSettings> settings, RandomGenerator random, Executor threads) {
        this.time = time;
        this.settings = settings;
        this.random = random;
        this.threads = threads;
    }

    Answer offer(Job job) {
        lock.lock();
        try {
            if (closed) {
                return new Answer.Closed();
            }
            long now = time.nanos();
            LaneSettings bounds = settings.get();
            Lane lane = lanes.computeIfAbsent(job.hop().lane(), name -> new Lane(job.hop(), bounds, now));
            lane.lastUsed = now;
            long pause = lane.pauseLeft(now);
            Health.Trouble trouble = lane.trouble();
            if (pause > 0 && trouble != null) {
                return new Answer.Suspended(trouble, pause);
            }
            if (lane.waiting.size() >= bounds.waiting()) {
                return new Answer.Full(lane.nextSlot(now, LONGEST_POSTPONEMENT));
            }
            lane.await(job, now);
            enter(lane, bounds);
            dispatch(bounds);
            return new Answer.Accepted();
        } finally {
            lock.unlock();
        }
    }

    /** Takes jobs that wait out of their lanes if all of them can be had: {@code complete} judges how many were found. */
    List<Job> withdraw(Predicate<Job> which, Predicate<Integer> complete) {
        List<Job> found = new ArrayList<>();
        lock.lock();
        try {
            lanes.values().forEach(lane -> lane.waiting.stream().filter(which).forEach(found::add));
            if (!complete.test(found.size())) {
                return List.of();
            }
            lanes.values().forEach(lane -> lane.waiting.removeIf(which));
        } finally {
            lock.unlock();
        }
        return found;
    }

    /** Lets nothing start any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends all pauses: each lane in trouble is probed by the next message. */
    void revive() {
        lock.lock();
        try {
            lanes.values().forEach(Lane::revive);
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of lanes that have been idle for long, and of what new bounds allow. */
    void tidy() {
        lock.lock();
        try {
            LaneSettings bounds = settings.get();
            long now = time.nanos();
            Iterator<Lane> all = lanes.values().iterator();
            while (all.hasNext()) {
                Lane lane = all.next();
                enter(lane, bounds);
                if (lane.forgettable(now, bounds)) {
                    all.remove();
                }
            }
            dispatch(bounds);
        } finally {
            lock.unlock();
        }
    }

    List<MailQueue.Lane> view() {
        lock.lock();
        try {
            long now = time.nanos();
            LaneSettings bounds = settings.get();
            return lanes.values().stream()
                    .filter(lane -> lane.active > 0 || !lane.waiting.isEmpty() || lane.pauseLeft(now) > 0)
                    .map(lane -> view(lane, bounds, now))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    private static MailQueue.Lane view(Lane lane, LaneSettings bounds, long now) {
        long pause = lane.pauseLeft(now);
        Health.Trouble trouble = lane.trouble();
        String why = pause == 0 || trouble == null
                ? ""
                : "left alone for " + Duration.ofNanos(pause).toSeconds() + " s: " + trouble.outcome().reply();
        return new LaneView(lane.hop.lane(), lane.active, lane.waiting.size(), lane.limit(bounds), why);
    }

    private void enter(Lane lane, LaneSettings bounds) {
        if (!lane.ready && lane.mayStart(bounds)) {
            lane.ready = true;
            ring.add(lane);
        }
    }

    private void dispatch(LaneSettings bounds) {
        while (!closed && running < bounds.total() && !ring.isEmpty()) {
            Lane lane = ring.remove();
            lane.ready = false;
            if (lane.mayStart(bounds)) {
                Job job = lane.waiting.remove();
                lane.active++;
                running++;
                threads.execute(() -> run(lane, job));
                enter(lane, bounds);
            }
        }
    }

    private void run(Lane lane, Job job) {
        Health health = new Health.Unknown();
        try {
            health = job.run();
        } finally {
            ended(lane, health);
        }
    }

    private void ended(Lane lane, Health health) {
        List<Job> suspended = List.of();
        long pause = 0;
        lock.lock();
        try {
            running--;
            long now = time.nanos();
            LaneSettings bounds = settings.get();
            if (lane.ended(health, bounds, now, 0.8 + 0.4 * random.nextDouble())) {
                suspended = new ArrayList<>(lane.waiting);
                lane.waiting.clear();
                pause = lane.pauseLeft(now);
            }
            enter(lane, bounds);
            dispatch(bounds);
        } finally {
            lock.unlock();
        }
        if (health instanceof Health.Trouble trouble) {
            long left = pause;
            suspended.forEach(job -> threads.execute(() -> job.suspended(trouble, left)));
        }
    }

    private record LaneView(String name, int active, int waiting, int limit,
            String trouble) implements MailQueue.Lane {}
}
