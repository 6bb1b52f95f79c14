package org.staffetta.spool.file;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Pending;
import org.staffetta.api.spool.Spool;
import org.staffetta.api.spool.SpoolException;

/**
 * What clients of a spool were told, and so what must be true of it after whatever happens: invariants I1, I2, I4 and I5, and that
 * what is gone does not come back.
 */
final class Ledger {

    static final List<Header> HEADERS = List.of(Header.of("Subject", "ledger"));

    private final Map<String, byte[]> bodies = new HashMap<>();
    private final Map<String, Set<Recipient>> owed = new LinkedHashMap<>();
    private final Map<String, Set<Recipient>> unsure = new HashMap<>();
    private final Set<String> refused = new HashSet<>();
    private final Set<String> gone = new HashSet<>();
    private final Random random;

    Ledger(long seed) {
        this.random = new Random(seed);
    }

    List<String> owedIds() {
        return new ArrayList<>(owed.keySet());
    }

    int refusals() {
        return refused.size();
    }

    /** Takes a message in and notes what came of it; the id, or empty if it was refused. */
    String accept(Spool spool, int size, int recipients) {
        List<Recipient> to = Stream.iterate(0, i -> i + 1).limit(recipients)
                .map(i -> new Recipient(Address.parse("r" + i + "@example.org"))).toList();
        byte[] body = new byte[size];
        random.nextBytes(body);
        String id = "";
        try (Draft draft = spool.draft()) {
            id = draft.id();
            bodies.put(id, body);
            draft.body().write(body);
            draft.commit(new Envelope(Address.NULL, to, Map.of()), HEADERS, Map.of("n", id));
            owed.put(id, new HashSet<>(to));
            return id;
        } catch (SpoolException e) {
            refused.add(id);
            return "";
        } catch (IOException e) {
            throw new AssertionError("a draft must fail with a reply", e);
        }
    }

    /** Notes an outcome for that many recipients of an entry. */
    void deliver(Spool spool, String id, int recipients) {
        Set<Recipient> open = owed.getOrDefault(id, Set.of());
        List<Recipient> done = open.stream().limit(recipients).toList();
        try (Claim claim = spool.claim(id).orElseThrow(() -> new AssertionError(id + " is owed and not there"))) {
            try {
                claim.update(done, List.of());
                settle(id, done);
            } catch (IOException e) {
                unsure.computeIfAbsent(id, any -> new HashSet<>()).addAll(done);
            }
        } catch (IOException e) {
            throw new AssertionError(id + " cannot be read", e);
        }
    }

    /** Changes what does not matter here, so that records of all kinds are written. */
    void touch(Spool spool, String id, int round) {
        Set<Recipient> open = owed.getOrDefault(id, Set.of());
        try (Claim claim = spool.claim(id).orElseThrow(() -> new AssertionError(id + " is owed and not there"))) {
            claim.hold(round % 2 == 0 ? "held" : "");
            claim.update(List.of(), open.stream()
                    .map(one -> new Pending(one, round, Instant.EPOCH, "4.2.1 ".repeat(20))).toList());
        } catch (IOException e) {
            unsure.computeIfAbsent(id, any -> new HashSet<>());
        }
    }

    private void settle(String id, List<Recipient> done) {
        Set<Recipient> open = owed.get(id);
        open.removeAll(done);
        if (open.isEmpty()) {
            owed.remove(id);
            gone.add(id);
        }
    }

    /**
     * What is wrong with the spool; empty if nothing is.
     *
     * @param mayKeepRefused whether a message that was refused may be there all the same: the process died while nothing could be written
     */
    List<String> complaints(Spool spool, boolean mayKeepRefused) throws IOException {
        List<String> complaints = new ArrayList<>();
        Map<String, Entry> there;
        try (Stream<Entry> entries = spool.entries()) {
            there = entries.collect(Collectors.toMap(Entry::id, entry -> entry));
        }
        owed.forEach((id, recipients) -> {
            Set<Recipient> maybeDone = unsure.getOrDefault(id, Set.of());
            Entry entry = there.get(id);
            if (entry == null && !maybeDone.containsAll(recipients)) {
                complaints.add("lost: " + id);
            } else if (entry != null) {
                complaints.addAll(complaints(entry, recipients, maybeDone));
            }
        });
        there.keySet().stream().filter(gone::contains).forEach(id -> complaints.add("came back: " + id));
        there.keySet().stream().filter(id -> !bodies.containsKey(id)).forEach(id -> complaints.add("unknown: " + id));
        if (!mayKeepRefused) {
            there.keySet().stream().filter(refused::contains)
                    .forEach(id -> complaints.add("refused, yet there: " + id));
        }
        for (Entry entry : there.values()) {
            complaints.addAll(bodyComplaints(entry));
        }
        return complaints;
    }

    private static List<String> complaints(Entry entry, Set<Recipient> open, Set<Recipient> maybeDone) {
        Set<Recipient> pending = entry.pending().stream().map(Pending::recipient).collect(Collectors.toSet());
        List<String> complaints = new ArrayList<>();
        open.stream().filter(one -> !pending.contains(one) && !maybeDone.contains(one))
                .forEach(one -> complaints.add("recipient lost: " + entry.id() + " " + one));
        pending.stream().filter(one -> !open.contains(one))
                .forEach(one -> complaints.add("recipient came back: " + entry.id() + " " + one));
        return complaints;
    }

    private List<String> bodyComplaints(Entry entry) {
        try (InputStream body = entry.message().openBody()) {
            return Arrays.equals(body.readAllBytes(), bodies.get(entry.id()))
                    ? List.of()
                    : List.of("another body: " + entry.id());
        } catch (IOException e) {
            return List.of("body cannot be read: " + entry.id() + " " + e);
        }
    }
}
