package org.staffetta.mailboxes;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.mailbox.Mailbox.Stored;
import org.staffetta.api.mailbox.MailboxMigration;
import org.staffetta.api.mailbox.MailboxScope;
import org.staffetta.api.mailbox.MailboxTotals;
import org.staffetta.api.migration.Progress;

/**
 * One migration. It goes through the source again and again until it finds nothing to move, so that whatever comes to light late is moved too; what fails
 * is tried again with growing pauses.
 */
final class Migration implements MailboxMigration {

    private static final Logger LOG = LoggerFactory.getLogger(Migration.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final long REPORT_NANOS = Duration.ofMinutes(1).toNanos();

    private final Places places;
    private final Stores stores;
    private final Traffic traffic;
    private final Homes homes;
    private final Terms terms;
    private final Tally tally;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Order order;
    private volatile boolean counted;
    private volatile String waitsFor = "";
    private Duration pause = FIRST_PAUSE;
    private long reported = System.nanoTime();

    /**
     * What it is told from outside.
     *
     * @param parallel how many accounts, and how many messages, are moved at the same time
     * @param preferred the store of new accounts
     * @param closing whether the server stops
     * @param wake called when there is something to do
     * @param report takes news for the log
     */
    record Terms(IntSupplier parallel, Supplier<String> preferred, BooleanSupplier closing, Runnable wake,
            Consumer<Map<String, String>> report) {}

    Migration(Order order, Places places, Stores stores, Traffic traffic, Homes homes, Terms terms) {
        this.order = order;
        this.places = places;
        this.stores = stores;
        this.traffic = traffic;
        this.homes = homes;
        this.terms = terms;
        this.tally = new Tally(order, System::nanoTime);
    }

    @Override
    public String id() {
        return order.id();
    }

    @Override
    public MailboxScope scope() {
        return order.scope();
    }

    @Override
    public Progress progress() {
        Order now = order;
        Tally.Sum sum = tally.sum();
        return new Progress(now.from(), now.to(), now.state(), now.begun(), sum.messages(), sum.octets(),
                sum.messagesLeft(), sum.perSecond(), trouble(now, sum));
    }

    private String trouble(Order now, Tally.Sum sum) {
        if (now.state() == Progress.State.RUNNING && !waitsFor.isEmpty()) {
            return "waits for " + waitsFor;
        }
        boolean counting = now.state() == Progress.State.RUNNING && !counted && sum.trouble().isEmpty();
        return counting ? "counts what there is to move" : sum.trouble();
    }

    @Override
    public long accountsDone() {
        return tally.sum().accounts();
    }

    @Override
    public long accountsLeft() {
        return tally.sum().accountsLeft();
    }

    @Override
    public void cancel() throws IOException {
        change(Progress.State.RUNNING, Progress.State.CANCELLED);
    }

    @Override
    public void resume() throws IOException {
        change(Progress.State.CANCELLED, Progress.State.RUNNING);
    }

    boolean isRunning() {
        return order.state() == Progress.State.RUNNING;
    }

    /** Another one is before it; empty if none is. */
    void waitFor(String other) {
        waitsFor = other;
    }

    /** Moves as much as can be moved now; returns how long to wait before the next turn. */
    Duration turn() {
        Tally.Sum before = tally.sum();
        tally.trouble("");
        try {
            if (!counted) {
                count();
            }
            Pass.Outcome outcome = pass();
            if (outcome.isClean() && settle()) {
                finish();
                return Duration.ZERO;
            }
            return isStopped() || tally.sum().messages() > before.messages() || outcome.moved() > 0
                    ? restart()
                    : backOff();
        } catch (IOException | RuntimeException | LinkageError failed) {
            tally.trouble(text(failed));
            LOG.info("migration {}: {}", id(), failed.toString());
            return backOff();
        } finally {
            reportNowAndThen();
        }
    }

    private Duration restart() {
        pause = FIRST_PAUSE;
        return Duration.ZERO;
    }

    private Duration backOff() {
        Duration now = pause;
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        return now;
    }

    private void count() throws IOException {
        Pass pass = newPass();
        MailboxTotals totals = pass.count();
        tally.ahead(totals.accounts(), totals.messages());
        counted = !pass.isStopped();
    }

    private Pass.Outcome pass() throws IOException {
        Pass pass = newPass();
        boolean named = scope().kind() == MailboxScope.Kind.ACCOUNT;
        Run run = new Run(pass);
        Mover mover = new Mover(homes, places, traffic, terms.parallel().getAsInt());
        return pass.run((name, source, target) -> {
            try {
                return mover.move(name, named, run, source, target);
            } catch (IOException | RuntimeException | LinkageError failed) {
                run.trouble(name, text(failed));
                return Mover.Result.LEFT;
            }
        });
    }

    private static String text(Throwable failed) {
        return failed.getMessage() == null ? failed.toString() : failed.getMessage();
    }

    private Pass newPass() {
        return new Pass(places, stores, order, terms.parallel().getAsInt(), this::isStopped);
    }

    // When the base is emptied, another store becomes the base. Deliveries that began before that may end in the old one: one more look is needed.
    private boolean settle() throws IOException {
        Order now = order;
        if (now.scope().kind() != MailboxScope.Kind.ALL) {
            return true;
        }
        if (places.base().equals(now.from()) && !terms.preferred().get().equals(now.from())) {
            places.moveBase(now.to());
        }
        return !traffic.isDeliveringInto(now.from()) && pass().isClean();
    }

    private void finish() throws IOException {
        tally.ahead(0, 0);
        change(Progress.State.RUNNING, Progress.State.DONE);
    }

    private boolean isStopped() {
        return terms.closing().getAsBoolean() || !isRunning();
    }

    private void change(Progress.State before, Progress.State after) throws IOException {
        lock.lock();
        try {
            if (order.state() != before) {
                return;
            }
            Order changed = withCounts().with(after);
            places.put(changed);
            order = changed;
        } finally {
            lock.unlock();
        }
        report();
        terms.wake().run();
    }

    /** Tells the log how it stands. */
    void report() {
        Progress now = progress();
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("part", "mailboxes");
        fields.put("migration", id());
        fields.put("from", now.from());
        fields.put("to", now.to());
        fields.put("scope", scope().kind() == MailboxScope.Kind.ALL ? "all" : scope().name());
        fields.put("state", now.state().name().toLowerCase(Locale.ROOT));
        fields.put("accounts", Long.toString(accountsDone()));
        fields.put("messages", Long.toString(now.done()));
        fields.put("left", Long.toString(now.left()));
        if (!now.trouble().isEmpty()) {
            fields.put("reason", now.trouble());
        }
        terms.report().accept(fields);
    }

    private void reportNowAndThen() {
        if (isRunning() && System.nanoTime() - reported > REPORT_NANOS) {
            reported = System.nanoTime();
            report();
        }
    }

    private Order withCounts() {
        Tally.Sum sum = tally.sum();
        return order.with(sum.accounts(), sum.messages(), sum.octets());
    }

    /** What the mover is told of one pass. */
    private final class Run implements Mover.Errand {

        private final Pass pass;

        Run(Pass pass) {
            this.pass = pass;
        }

        @Override
        public String from() {
            return order.from();
        }

        @Override
        public String to() {
            return order.to();
        }

        @Override
        public BooleanSupplier stop() {
            return pass::isStopped;
        }

        @Override
        public void moved(Stored message) {
            tally.movedMessage(message.size());
        }

        @Override
        public void trouble(String account, String what) {
            tally.trouble(account + ": " + what);
        }

        @Override
        public void done(String account) throws IOException {
            lock.lock();
            try {
                tally.movedAccount();
                places.put(account, Place.in(to()), withCounts());
            } finally {
                lock.unlock();
            }
        }
    }
}
