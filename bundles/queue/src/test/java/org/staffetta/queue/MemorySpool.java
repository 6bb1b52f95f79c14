package org.staffetta.queue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Exchange;
import org.staffetta.api.spool.Pending;
import org.staffetta.api.spool.Spool;
import org.staffetta.api.spool.SpoolException;
import org.staffetta.api.spool.Tally;

/**
 * A spool whose storage is memory. A crash is {@link #crash()}: the spool is dead, and a new one begins with what was on storage.
 */
final class MemorySpool implements Spool {
    private final InstantSource time;
    private final Map<String, Item> items = new LinkedHashMap<>();
    private final NavigableMap<Due, Item> waiting = new TreeMap<>(
            Comparator.comparing(Due::at).thenComparing(Due::number));
    private long lastNumber;
    private Runnable beforeWrite = () -> {};
    private boolean dead;
    private boolean refusesDrafts;
    private boolean refusesUpdates;

    private record Due(Instant at, long number) {}

    record Stored(String id, Instant arrival, Envelope envelope, List<Pending> pending, String held,
            Map<String, String> attributes, Message message) implements Entry {}

    private static final class Item {
        final long number;
        Stored stored;
        Due due;
        boolean claimed;

        Item(long number, Stored stored) {
            this.number = number;
            this.stored = stored;
        }
    }

    MemorySpool(InstantSource time) {
        this.time = time;
    }

    /** The machine dies: nothing more reaches this spool. */
    synchronized void die() {
        dead = true;
        notifyAll();
    }

    synchronized boolean isDead() {
        return dead;
    }

    /** What is to happen before each durable step. */
    synchronized void beforeWrites(Runnable hook) {
        beforeWrite = hook;
    }

    /** The spool dies if it has not yet. Returns the spool after the restart. */
    synchronized MemorySpool crash() {
        die();
        MemorySpool restarted = new MemorySpool(time);
        restarted.lastNumber = lastNumber;
        for (Item item : items.values()) {
            Item copy = new Item(item.number, item.stored);
            restarted.items.put(copy.stored.id(), copy);
            restarted.release(copy, earliest(copy.stored));
        }
        return restarted;
    }

    synchronized void refuseDrafts(boolean refuse) {
        refusesDrafts = refuse;
    }

    synchronized void refuseUpdates(boolean refuse) {
        refusesUpdates = refuse;
    }

    /** Puts a message in, as a listener would. */
    String put(Envelope envelope, String text) {
        String[] halves = text.split("\r\n\r\n", 2);
        List<Header> headers = Stream.of(halves[0].split("\r\n(?![ \t])")).map(Header::new).toList();
        try (Draft draft = draft()) {
            draft.body().write(halves[1].getBytes(StandardCharsets.UTF_8));
            draft.commit(envelope, headers, Map.of("client", "192.0.2.1"));
            return draft.id();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** When the next entry is due; empty if none waits. */
    synchronized Optional<Instant> nextDue() {
        return dead || waiting.isEmpty() ? Optional.empty() : Optional.of(waiting.firstKey().at());
    }

    /** As {@link #take()}, but does not wait. */
    synchronized Optional<Claim> poll() {
        if (dead || waiting.isEmpty() || waiting.firstKey().at().isAfter(time.instant())) {
            return Optional.empty();
        }
        return Optional.of(claim(waiting.firstEntry().getValue()));
    }

    synchronized Entry entry(String id) {
        Item item = items.get(id);
        return item == null ? null : item.stored;
    }

    /** Tells those who wait in {@link #take()} that the clock was moved. */
    synchronized void wake() {
        notifyAll();
    }

    @Override
    public synchronized Draft draft() throws SpoolException {
        if (dead || refusesDrafts) {
            throw new SpoolException(new Reply(452, "4.3.1", "no room"));
        }
        return new MemoryDraft(++lastNumber);
    }

    @Override
    public synchronized Claim take() throws InterruptedException {
        while (true) {
            Optional<Claim> claim = poll();
            if (claim.isPresent()) {
                return claim.get();
            }
            if (dead) {
                throw new InterruptedException("closed");
            }
            if (waiting.isEmpty()) {
                wait();
            } else {
                wait(Math.clamp(Duration.between(time.instant(), waiting.firstKey().at()).toMillis(), 1, 1_000));
            }
        }
    }

    @Override
    public synchronized Optional<Claim> claim(String id) {
        Item item = items.get(id);
        return dead || item == null || item.claimed ? Optional.empty() : Optional.of(claim(item));
    }

    @Override
    public synchronized Optional<Entry> find(String id) {
        return Optional.ofNullable(entry(id));
    }

    @Override
    public synchronized Stream<Entry> entries() {
        return List.<Entry>copyOf(items.values().stream().map(item -> item.stored).toList()).stream();
    }

    @Override
    public synchronized long size() {
        return items.size();
    }

    @Override
    public Tally tally() {
        return new Tally(size(), 0, 0, 0, 0);
    }

    @Override
    public Exchange exchange() {
        throw new UnsupportedOperationException("no test moves messages");
    }

    private Claim claim(Item item) {
        if (item.due != null) {
            waiting.remove(item.due);
        }
        item.claimed = true;
        return new MemoryClaim(item);
    }

    private synchronized void release(Item item, Instant at) {
        item.claimed = false;
        if (item.stored.held().isEmpty()) {
            item.due = new Due(at, item.number);
            waiting.put(item.due, item);
            notifyAll();
        }
    }

    private static Instant earliest(Entry entry) {
        return entry.pending().stream().map(Pending::nextAttempt).min(Comparator.naturalOrder()).orElseThrow();
    }

    private final class MemoryClaim implements Claim {
        private final Item item;
        private boolean open = true;

        private MemoryClaim(Item item) {
            this.item = item;
        }

        @Override
        public Entry entry() {
            synchronized (MemorySpool.this) {
                return item.stored;
            }
        }

        @Override
        public void update(List<Recipient> done, List<Pending> pending) throws IOException {
            synchronized (MemorySpool.this) {
                requireWritable();
                Map<Recipient, Pending> state = new LinkedHashMap<>();
                item.stored.pending().forEach(p -> state.put(p.recipient(), p));
                done.forEach(state::remove);
                pending.forEach(p -> state.put(p.recipient(), p));
                store(state.values(), item.stored.held());
                if (state.isEmpty()) {
                    items.remove(item.stored.id());
                }
            }
        }

        @Override
        public void hold(String reason) throws IOException {
            synchronized (MemorySpool.this) {
                requireWritable();
                store(item.stored.pending(), reason);
            }
        }

        @Override
        public void handOver(String copy) {
            throw new UnsupportedOperationException("no test moves messages");
        }

        @Override
        public void postpone(Instant notBefore) {
            giveBack(notBefore);
        }

        @Override
        public void close() {
            giveBack(Instant.MIN);
        }

        private void requireWritable() throws IOException {
            beforeWrite.run();
            if (dead || refusesUpdates || !open) {
                throw new IOException("read-only file system");
            }
        }

        private void store(Collection<Pending> pending, String held) {
            Stored old = item.stored;
            item.stored = new Stored(old.id(), old.arrival(), old.envelope(), List.copyOf(pending), held,
                    old.attributes(), old.message());
        }

        private void giveBack(Instant notBefore) {
            synchronized (MemorySpool.this) {
                if (open && items.get(item.stored.id()) == item) {
                    Instant due = earliest(item.stored);
                    release(item, due.isBefore(notBefore) ? notBefore : due);
                }
                open = false;
            }
        }
    }

    private final class MemoryDraft implements Draft {
        private final long number;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        private MemoryDraft(long number) {
            this.number = number;
        }

        @Override
        public String id() {
            return "Q" + number;
        }

        @Override
        public OutputStream body() {
            return body;
        }

        @Override
        public Message message(List<Header> headers) {
            return new MemoryMessage(List.copyOf(headers), body.toByteArray());
        }

        @Override
        public void commit(Envelope envelope, List<Header> headers, Map<String, String> attributes)
                throws SpoolException {
            synchronized (MemorySpool.this) {
                beforeWrite.run();
                if (dead || refusesDrafts) {
                    throw new SpoolException(new Reply(452, "4.3.1", "no room"));
                }
                List<Pending> pending = envelope.recipients().stream().distinct().map(Pending::first).toList();
                Item item = new Item(number, new Stored(id(), time.instant(), envelope, pending,
                        attributes.getOrDefault(Entry.HOLD, ""), attributes, message(headers)));
                items.put(id(), item);
                release(item, earliest(item.stored));
            }
        }

        @Override
        public void close() {
            // leaves no trace unless committed
        }
    }

    record MemoryMessage(List<Header> headers, byte[] body) implements Message {

        @Override
        public long size() {
            return whole().length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(whole());
        }

        @Override
        public InputStream openBody() {
            return new ByteArrayInputStream(body);
        }

        String text() {
            return new String(whole(), StandardCharsets.UTF_8);
        }

        private byte[] whole() {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            List<Header> all = new ArrayList<>(headers);
            all.forEach(header -> out.writeBytes((header.field() + "\r\n").getBytes(StandardCharsets.ISO_8859_1)));
            out.writeBytes(new byte[]{'\r', '\n'});
            out.writeBytes(body);
            return out.toByteArray();
        }
    }
}
