package org.staffetta.spools;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Pending;
import org.staffetta.api.spool.Spool;

/** What was put into spools, and what must be true of it wherever it is: each message once, as it was, and each recipient delivered to once. */
final class Mails {

    private static final String KEY = "key";

    private final Map<String, byte[]> bodies = new TreeMap<>();
    private final Map<String, Set<Recipient>> open = new HashMap<>();
    private final Random random;

    Mails(long seed) {
        this.random = new Random(seed);
    }

    int count() {
        return bodies.size();
    }

    /** Puts messages of all kinds into a spool: small and big ones, held ones, and such as were tried before. */
    void put(Spool spool, int messages) throws IOException {
        for (int i = 0; i < messages; i++) {
            put(spool, i % 4 == 3 ? 4000 : 10 + 50 * i, 1 + i % 3);
        }
    }

    private void put(Spool spool, int size, int recipients) throws IOException {
        String key = "k" + (1000 + bodies.size());
        byte[] body = new byte[size];
        random.nextBytes(body);
        List<Recipient> to = IntStream.range(0, recipients)
                .mapToObj(i -> new Recipient(Address.parse("r" + i + "@example.org"), Map.of("NOTIFY", "NEVER")))
                .toList();
        String id;
        try (Draft draft = spool.draft()) {
            draft.body().write(body);
            draft.commit(new Envelope(Address.parse("joe@example.net"), to, Map.of("BODY", "8BITMIME")),
                    List.of(new Header("Received: from a\r\n\tby b"), Header.of("Subject", "Grüße")),
                    Map.of(KEY, key));
            id = draft.id();
        }
        bodies.put(key, body);
        open.put(key, new HashSet<>(to));
        try (Claim claim = spool.claim(id).orElseThrow()) {
            if (recipients == 2) {
                claim.hold("smells");
            } else if (recipients == 3) {
                claim.update(List.of(), List.of(new Pending(to.getLast(), 4, Instant.EPOCH.plusSeconds(99), "451 no")));
            }
        }
    }

    /** Delivers a message to one of its recipients, out of whichever spool has it. */
    void deliverOne(Spool... spools) throws IOException {
        for (Spool spool : spools) {
            List<Entry> entries = entries(spool);
            if (!entries.isEmpty()) {
                Entry entry = entries.get(random.nextInt(entries.size()));
                try (Claim claim = spool.claim(entry.id()).orElseThrow()) {
                    deliver(claim, List.of(claim.entry().pending().getFirst().recipient()));
                }
                return;
            }
        }
    }

    /** Delivers all there is. */
    void deliverAll(Spool... spools) throws IOException {
        for (Spool spool : spools) {
            for (Entry entry : entries(spool)) {
                try (Claim claim = spool.claim(entry.id()).orElseThrow()) {
                    deliver(claim, claim.entry().pending().stream().map(Pending::recipient).toList());
                }
            }
        }
    }

    private void deliver(Claim claim, List<Recipient> to) throws IOException {
        Set<Recipient> left = open.get(key(claim.entry()));
        for (Recipient recipient : to) {
            if (!left.remove(recipient)) {
                throw new AssertionError("delivered twice: " + key(claim.entry()) + " to " + recipient);
            }
        }
        claim.update(to, List.of());
    }

    /** How many recipients have not got their message. */
    int open() {
        return open.values().stream().mapToInt(Set::size).sum();
    }

    /** What is wrong with the messages in these spools; empty if each is there once, as it was. */
    List<String> complaints(Spool... spools) throws IOException {
        List<String> complaints = new ArrayList<>();
        Map<String, Integer> copies = new TreeMap<>();
        for (Spool spool : spools) {
            for (Entry entry : entries(spool)) {
                copies.merge(key(entry), 1, Integer::sum);
                complaints.addAll(complaints(entry));
            }
        }
        for (String key : bodies.keySet()) {
            int expected = open.get(key).isEmpty() ? 0 : 1;
            if (copies.getOrDefault(key, 0) != expected) {
                complaints.add(key + " is there " + copies.getOrDefault(key, 0) + " times");
            }
        }
        return complaints;
    }

    private List<String> complaints(Entry entry) throws IOException {
        List<String> complaints = new ArrayList<>();
        String key = key(entry);
        Set<Recipient> pending = new HashSet<>(entry.pending().stream().map(Pending::recipient).toList());
        if (!pending.equals(open.get(key))) {
            complaints.add(key + " is pending for " + pending + ", not " + open.get(key));
        }
        try (InputStream body = entry.message().openBody()) {
            if (!Arrays.equals(body.readAllBytes(), bodies.get(key))) {
                complaints.add(key + " has another body");
            }
        }
        int recipients = entry.envelope().recipients().size();
        if (!entry.held().equals(recipients == 2 ? "smells" : "")) {
            complaints.add(key + " is held: " + entry.held());
        }
        boolean isTried = entry.pending().stream()
                .anyMatch(one -> one.attempts() == 4 && one.lastReply().equals("451 no"));
        if (recipients == 3 && pending.contains(entry.envelope().recipients().getLast()) && !isTried) {
            complaints.add(key + " has forgotten an attempt");
        }
        return complaints;
    }

    static List<Entry> entries(Spool spool) {
        try (Stream<Entry> entries = spool.entries()) {
            return entries.toList();
        }
    }

    /** An entry that can be read when the spool has it no more. */
    static Entry kept(Entry entry) throws IOException {
        byte[] octets;
        try (InputStream body = entry.message().openBody()) {
            octets = body.readAllBytes();
        }
        Message message = (Message) Proxy.newProxyInstance(Message.class.getClassLoader(),
                new Class<?>[]{Message.class},
                (proxy, method, arguments) -> method.getName().equals("openBody")
                        ? new ByteArrayInputStream(octets)
                        : method.invoke(entry.message(), arguments));
        return (Entry) Proxy.newProxyInstance(Entry.class.getClassLoader(), new Class<?>[]{Entry.class},
                (proxy, method, arguments) -> method.getName().equals("message")
                        ? message
                        : method.invoke(entry, arguments));
    }

    private static String key(Entry entry) {
        return entry.attributes().get(KEY);
    }
}
