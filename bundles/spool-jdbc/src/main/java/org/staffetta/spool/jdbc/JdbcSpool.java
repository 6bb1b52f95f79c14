package org.staffetta.spool.jdbc;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Exchange;
import org.staffetta.api.spool.Spool;
import org.staffetta.api.spool.SpoolException;
import org.staffetta.api.spool.Tally;
import org.staffetta.sql.Contents;
import org.staffetta.sql.Database;
import org.staffetta.sql.Ids;
import org.staffetta.sql.Schema;
import org.staffetta.sql.UncertainException;

/** A spool in a database, from {@link #open} to {@link #close}. */
final class JdbcSpool implements Spool, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcSpool.class);
    private static final int MAX_CUTS = 3;
    private static final int MAX_ID = 64;
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final InstantSource clock;
    private final Settings settings;
    private final Ids ids;
    private final Contents contents;
    private final EntryTable entries;
    private final ArrivalTable arrivals;
    private final Exchange exchange;
    private final ClaimTable claims;
    private final Count count;
    private final Wakeup wakeup = new Wakeup();
    private final Alarm alarm;
    private final Trouble taking;
    private final Heart heart;
    private final ReentrantLock claiming = new ReentrantLock();
    private final Map<String, Long> claimed = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private JdbcSpool(Database database, Node node, Settings settings, InstantSource clock, RandomGenerator random,
            Alarm alarm)
            throws SQLException {
        this.clock = clock;
        this.settings = settings;
        this.ids = new Ids(database, "spool_id", random);
        this.contents = new Contents(database, "spool_entry", Replies::of);
        this.entries = new EntryTable(database, contents);
        this.arrivals = new ArrivalTable(database, contents);
        ExchangeTable table = new ExchangeTable(database);
        this.exchange = new JdbcExchange(this, ids, contents, entries, arrivals, table, table.identity(random));
        this.claims = new ClaimTable(database, contents, entries, node.id());
        this.count = new Count(entries::count, System::nanoTime);
        this.alarm = alarm;
        this.taking = new Trouble(alarm, "messages cannot be taken out of the database");
        this.heart = new Heart(this, node, settings.lease(), alarm);
    }

    /**
     * What can be set.
     *
     * @param lease after this time without a sign of life, what a server has claimed is given to others
     * @param poll so often the database is asked for what other servers have put into it
     */
    record Settings(String name, Duration lease, Duration poll) {}

    /** Opens the spool; the tables are made if they are not there. */
    static JdbcSpool open(Database database, Settings settings, InstantSource clock, RandomGenerator random,
            Alarm alarm)
            throws SQLException {
        Schema.migrate(database, "spool", JdbcSpool.class);
        Node node = new Node(database, settings.name(), settings.lease(), random);
        node.renew();
        JdbcSpool spool = new JdbcSpool(database, node, settings, clock, random, alarm);
        spool.heart.start();
        return spool;
    }

    @Override
    public Draft draft() throws SpoolException {
        requireOpen();
        try {
            String id = ids.next();
            return new JdbcDraft(this, id, contents.begin(id));
        } catch (SQLException e) {
            throw Replies.of(e);
        }
    }

    @Override
    public Claim take() throws InterruptedException {
        int cuts = 0;
        while (true) {
            long signals = wakeup.signals();
            Duration wait = settings.poll();
            try {
                Optional<Claim> claim = tryTake();
                taking.over();
                if (claim.isPresent()) {
                    return claim.get();
                }
                cuts = 0;
                wait = untilNext();
            } catch (UnreadableException e) {
                wait = Duration.ZERO;
            } catch (SQLException e) {
                boolean cut = e instanceof UncertainException && ++cuts <= MAX_CUTS;
                wait = cut ? Duration.ZERO : AFTER_FAILURE;
                failedToTake(e, cut);
            }
            wakeup.await(signals, wait);
        }
    }

    @Override
    public Optional<Claim> claim(String id) throws IOException {
        requireOpen();
        if (!isId(id)) {
            return Optional.empty();
        }
        claiming.lock();
        try {
            return claims.claim(id).map(this::own);
        } catch (SQLException e) {
            setAside(e);
            throw Replies.of(e);
        } finally {
            claiming.unlock();
        }
    }

    @Override
    public Optional<Entry> find(String id) throws IOException {
        requireOpen();
        try {
            return isId(id) ? entries.find(id).map(Row::entry) : Optional.empty();
        } catch (SQLException e) {
            throw Replies.of(e);
        }
    }

    @Override
    public Stream<Entry> entries() {
        return EntryPages.stream(entries);
    }

    @Override
    public long size() {
        return count.get();
    }

    @Override
    public Tally tally() throws SpoolException {
        requireOpen();
        try {
            return entries.tally();
        } catch (SQLException e) {
            throw Replies.of(e);
        }
    }

    @Override
    public Exchange exchange() {
        return exchange;
    }

    /** Gives back all claims: who waits in {@link #take} is interrupted, drafts and updates fail. */
    @Override
    public void close() {
        closed = true;
        wakeup.close();
        heart.close();
    }

    /** A draft becomes an entry. */
    void insert(JdbcDraft draft, Envelope envelope, List<Header> headers, Map<String, String> attributes)
            throws SpoolException {
        requireOpen();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        StoredEntry entry = new StoredEntry(draft.id(), now, envelope, StoredEntry.firstPending(envelope),
                attributes.getOrDefault(Entry.HOLD, ""), attributes, draft.message(headers));
        try {
            arrivals.insert(new ArrivalTable.Arrival(draft.id(), entry, "", draft.content()));
        } catch (UncertainException e) {
            // if it is there, it goes with its chunks
            draft.content().keep();
            heart.forget(draft.id());
            throw Replies.of(e);
        } catch (SQLException e) {
            throw Replies.of(e);
        }
        draft.content().keep();
        added();
    }

    /** There is an entry more. */
    void added() {
        count.add(1);
        wakeup.signal();
    }

    /** Sees to it that a copy is not there of which that is not certain. */
    void forgetLater(String key) {
        heart.forget(key);
    }

    /** An entry is gone. */
    void removed(Row row) {
        claimed.remove(row.key());
        count.add(-1);
    }

    /** A claim is over. */
    void giveBack(Row row, Instant offered) {
        // first, or what fails would still count as known when it is looked for
        claimed.remove(row.key(), row.claim());
        try {
            claims.giveBack(row, offered);
            wakeup.signal();
        } catch (SQLException e) {
            heart.reconcile();
        }
    }

    /** Gives back what this node has claimed in the database and nobody here knows of. */
    void giveBackUnknown() throws SQLException {
        claiming.lock();
        try {
            claims.giveBackUnknown(claimed);
        } finally {
            claiming.unlock();
        }
        wakeup.signal();
    }

    /** Removes a message whose commit was not certain. */
    void forget(String id) throws SQLException {
        arrivals.forget(id);
    }

    /** Removes the chunks that a crash left. */
    void sweep() throws SQLException {
        contents.sweep();
    }

    private Optional<Claim> tryTake() throws SQLException, InterruptedException {
        claiming.lockInterruptibly();
        try {
            // what was refused is not delivered even if it was committed: it is about to be removed
            return claims.take(clock.instant()).filter(row -> !heart.isDoubtful(row.key())).map(this::own);
        } catch (SQLException e) {
            setAside(e);
            throw e;
        } finally {
            claiming.unlock();
        }
    }

    // what nobody can read is held, and holds up nobody; of all else that went wrong nobody knows how far it came
    private void setAside(SQLException failure) {
        if (failure instanceof UnreadableException unreadable) {
            try {
                claims.setAside(unreadable);
                alarm.raise("message " + unreadable.key() + " is held: " + unreadable.getMessage());
                return;
            } catch (SQLException later) {
                LOG.debug("{} is set aside when it is claimed again", unreadable.key(), later);
            }
        }
        heart.reconcile();
    }

    private Claim own(Row row) {
        claimed.put(row.key(), row.claim());
        return new JdbcClaim(this, claims, row);
    }

    // that of another spool may look otherwise than those that are given out here
    private static boolean isId(String text) {
        return !text.isEmpty() && text.length() <= MAX_ID
                && text.chars().allMatch(c -> c < 0x80 && Character.isLetterOrDigit(c));
    }

    private Duration untilNext() throws SQLException {
        Instant now = clock.instant();
        Duration left = Duration.between(now, claims.nextDue().orElse(now.plus(settings.poll())));
        return left.compareTo(settings.poll()) < 0 ? left : settings.poll();
    }

    // connections that the database cut while nobody used them are no trouble; the next one may be good
    private void failedToTake(SQLException e, boolean cut) throws InterruptedException {
        if (Thread.interrupted() || closed) {
            throw new InterruptedException("interrupted while the database was asked");
        }
        if (!cut) {
            taking.failed(e);
        }
    }

    void requireOpen() throws SpoolException {
        if (closed) {
            throw Replies.closed();
        }
    }
}
