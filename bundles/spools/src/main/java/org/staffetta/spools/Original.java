package org.staffetta.spools;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Pending;

/** An entry as it is given to another spool, to be compared with what that made of it. */
record Original(Entry entry, Witness message) implements Entry {

    /** What a spool must keep of a reply. */
    private static final int REPLY = 1000;
    private static final Duration EXACT = Duration.ofMillis(1);

    static Original of(Entry entry) {
        return new Original(entry, new Witness(entry.message()));
    }

    /** How the copy differs; empty if it is the same. Reads the copy. */
    String difference(Entry copy) throws IOException {
        if (!isAbout(entry.arrival(), copy.arrival())) {
            return "arrival";
        }
        if (!entry.envelope().equals(copy.envelope())) {
            return "envelope";
        }
        if (!entry.attributes().equals(copy.attributes())) {
            return "attributes";
        }
        if (!entry.held().equals(copy.held())) {
            return "hold";
        }
        if (!isSame(entry.pending(), copy.pending())) {
            return "state of the recipients";
        }
        return message.digest().equals(Witness.digest(copy.message())) ? "" : "header or body";
    }

    private static boolean isSame(List<Pending> some, List<Pending> others) {
        boolean same = some.size() == others.size();
        for (int i = 0; same && i < some.size(); i++) {
            same = isSame(some.get(i), others.get(i));
        }
        return same;
    }

    private static boolean isSame(Pending one, Pending other) {
        return one.recipient().equals(other.recipient()) && one.attempts() == other.attempts()
                && isAbout(one.nextAttempt(), other.nextAttempt())
                && begin(one.lastReply()).equals(begin(other.lastReply()));
    }

    // a column of a database may be coarser than a clock
    private static boolean isAbout(Instant one, Instant other) {
        return one.equals(other) || Duration.between(one, other).abs().compareTo(EXACT) < 0;
    }

    private static String begin(String reply) {
        return reply.substring(0, Math.min(reply.length(), REPLY));
    }

    @Override
    public String id() {
        return entry.id();
    }

    @Override
    public Instant arrival() {
        return entry.arrival();
    }

    @Override
    public Envelope envelope() {
        return entry.envelope();
    }

    @Override
    public List<Pending> pending() {
        return entry.pending();
    }

    @Override
    public String held() {
        return entry.held();
    }

    @Override
    public Map<String, String> attributes() {
        return entry.attributes();
    }
}
