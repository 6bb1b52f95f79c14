package org.staffetta.queue;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.queue.MailQueue;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Pending;
import org.staffetta.api.spool.Spool;

/** What an operator sees and does. */
final class Operations implements MailQueue {
    private final Engine engine;

    Operations(Engine engine) {
        this.engine = engine;
    }

    @Override
    public Stream<Entry> entries() {
        List<Lease<Spool>> spools = lease();
        try {
            List<Stream<Entry>> streams = spools.stream().map(spool -> spool.service().entries()).toList();
            return (streams.size() == 1 ? streams.getFirst() : merged(streams))
                    .onClose(() -> spools.forEach(Lease::close));
        } catch (RuntimeException | Error e) {
            spools.forEach(Lease::close);
            throw e;
        }
    }

    @Override
    public Optional<Entry> find(String id) throws IOException {
        List<Lease<Spool>> spools = lease();
        try {
            for (Lease<Spool> spool : spools) {
                Optional<Entry> entry = spool.service().find(id);
                if (entry.isPresent()) {
                    return entry;
                }
            }
            return Optional.empty();
        } finally {
            spools.forEach(Lease::close);
        }
    }

    @Override
    public long size() {
        List<Lease<Spool>> spools = lease();
        try {
            return spools.stream().mapToLong(spool -> spool.service().size()).sum();
        } finally {
            spools.forEach(Lease::close);
        }
    }

    private List<Lease<Spool>> lease() {
        return engine.core().plugins().leaseAll(Spool.class);
    }

    // A held entry stays held. The pauses of lanes end as well: else the message might be deferred again without being tried.
    @Override
    public boolean retry(String id) throws IOException {
        return with(id, claim -> {
            Instant now = engine.core().time().now();
            List<Pending> due = claim.entry().pending().stream()
                    .map(pending -> new Pending(pending.recipient(), pending.attempts(), now, pending.lastReply()))
                    .toList();
            claim.update(List.of(), due);
            engine.core().lanes().revive();
        });
    }

    @Override
    public boolean delete(String id) throws IOException {
        return with(id, claim -> {
            Entry entry = claim.entry();
            List<Recipient> all = entry.pending().stream().map(Pending::recipient).toList();
            claim.update(all, List.of());
            publish(MailEvent.Kind.REMOVED, id, Events.fields("from", entry.envelope().sender().toString(), "nrcpt",
                    Integer.toString(entry.envelope().recipients().size()), "reason", "deleted by an operator"));
        });
    }

    @Override
    public boolean hold(String id, String reason) throws IOException {
        String why = reason.isBlank() ? "by an operator" : reason;
        return with(id, claim -> {
            claim.hold(why);
            publish(MailEvent.Kind.HELD, id, Events.fields("reason", why));
        });
    }

    @Override
    public boolean release(String id) throws IOException {
        return with(id, claim -> claim.hold(""));
    }

    @Override
    public List<Lane> lanes() {
        return engine.core().lanes().view();
    }

    private interface Deed {
        void on(Claim claim) throws IOException;
    }

    private boolean with(String id, Deed deed) throws IOException {
        List<Lease<Spool>> spools = lease();
        try {
            Optional<Claim> found = engine.claim(id, spools.stream().map(Lease::service).toList());
            if (found.isEmpty()) {
                return false;
            }
            try (Claim claim = found.get()) {
                deed.on(claim);
                return true;
            }
        } finally {
            spools.forEach(Lease::close);
        }
    }

    private void publish(MailEvent.Kind kind, String id, Map<String, String> fields) {
        engine.core().events().publish(kind, id, fields);
    }

    /** Several streams that are each oldest first, as one. */
    private static Stream<Entry> merged(List<Stream<Entry>> streams) {
        PriorityQueue<Head> heads = new PriorityQueue<>(Comparator.comparing((Head head) -> head.entry().arrival()));
        List<Stream<Entry>> open = new ArrayList<>(streams);
        open.forEach(stream -> Head.next(stream.iterator()).ifPresent(heads::add));
        Iterator<Entry> merged = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !heads.isEmpty();
            }

            @Override
            public Entry next() {
                Head head = heads.remove();
                Head.next(head.rest()).ifPresent(heads::add);
                return head.entry();
            }
        };
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(merged, Spliterator.ORDERED), false)
                .onClose(() -> open.forEach(Stream::close));
    }

    private record Head(Entry entry, Iterator<Entry> rest) {
        static Optional<Head> next(Iterator<Entry> rest) {
            return rest.hasNext() ? Optional.of(new Head(rest.next(), rest)) : Optional.empty();
        }
    }
}
