package org.staffetta.shell;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.queue.MailQueue;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Pending;

/** A queue in memory that notes what is done to it. */
final class MemoryQueue implements MailQueue {

    static final Instant ARRIVAL = Instant.parse("2026-11-23T16:20:05.123Z");

    final Map<String, Entry> entries = new LinkedHashMap<>();
    final Map<String, String> done = new LinkedHashMap<>();

    record Waiting(String id, Instant arrival, Envelope envelope, List<Pending> pending, String held,
            Map<String, String> attributes, Message message) implements Entry {}

    record Text(List<Header> headers, byte[] octets) implements Message {

        @Override
        public long size() {
            return octets.length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(octets);
        }

        @Override
        public InputStream openBody() {
            return new ByteArrayInputStream(octets);
        }
    }

    MemoryQueue add(String id, String sender, String held, Pending... pending) {
        Address from = sender.isEmpty() ? Address.NULL : Address.parse(sender);
        List<Recipient> recipients = Stream.of(pending).map(Pending::recipient).toList();
        List<Header> headers = List.of(new Header("Subject: hello\u001b[2J"));
        entries.put(id, new Waiting(id, ARRIVAL, new Envelope(from, recipients, Map.of()), List.of(pending), held,
                Map.of("client", "192.0.2.1"), new Text(headers, "x".repeat(1234).getBytes(StandardCharsets.UTF_8))));
        return this;
    }

    static Pending pending(String address, int attempts, String reply) {
        return new Pending(new Recipient(Address.parse(address)), attempts,
                attempts == 0 ? Instant.EPOCH : ARRIVAL.plusSeconds(300), reply);
    }

    private boolean note(String what, String id) {
        if (entries.containsKey(id)) {
            done.put(id, what);
        }
        return entries.containsKey(id);
    }

    @Override
    public Stream<Entry> entries() {
        return entries.values().stream();
    }

    @Override
    public Optional<Entry> find(String id) {
        return Optional.ofNullable(entries.get(id));
    }

    @Override
    public long size() {
        return entries.size();
    }

    @Override
    public boolean retry(String id) {
        return note("retry", id);
    }

    @Override
    public boolean delete(String id) {
        return note("delete", id);
    }

    @Override
    public boolean hold(String id, String reason) {
        return note("hold " + reason, id);
    }

    @Override
    public boolean release(String id) {
        return note("release", id);
    }

    @Override
    public List<Lane> lanes() {
        return List.of(new OneLane("smtp:example.org", 2, 30, 5, "421 4.7.0 slow down"),
                new OneLane("mda:", 0, 1, 10, ""));
    }

    private record OneLane(String name, int active, int waiting, int limit, String trouble) implements Lane {}
}
