package org.staffetta.spools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Exchange.Incoming;
import org.staffetta.api.spool.Exchange.Outgoing;

/**
 * Completes or undoes what a crash or a lost answer has left of hand-overs, by the rules of {@link org.staffetta.api.spool}. May be done at any time, beside
 * hand-overs that go on.
 */
final class Settlement {

    private final Map<String, Place> places = new HashMap<>();
    private final Witnessed witnessed;
    private final Map<String, Integer> missing = new TreeMap<>();
    private int open;

    /** Is told of each entry that turns out to be in the other spool. */
    interface Witnessed {
        void moved(Place from, Place to, Handover.Moved moved);
    }

    Settlement(Collection<Place> spools, Witnessed witnessed) {
        spools.forEach(place -> places.put(place.identity(), place));
        this.witnessed = witnessed;
    }

    /**
     * Settles all that is found in the spools.
     *
     * @return whether nothing is left, but what waits for a spool that is not there
     * @throws IOException if a spool could not do what it was asked; then it is to be tried again
     */
    boolean run() throws IOException {
        try {
            for (Place place : places.values()) {
                settleOutgoing(place);
            }
            for (Place place : places.values()) {
                settleIncoming(place);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return open == 0;
    }

    /** What waits for spools that are not there, in lines for people. */
    List<String> missing() {
        return missing.entrySet().stream().map(one -> one.getValue() + " messages " + one.getKey()).toList();
    }

    private void settleOutgoing(Place from) throws IOException {
        List<Outgoing> notes;
        try (Stream<Outgoing> outgoing = from.exchange().outgoing()) {
            notes = outgoing.toList();
        }
        for (Outgoing note : notes) {
            Optional<Mark> mark = Mark.parse(note.copy());
            Place to = mark.map(target -> places.get(target.identity())).orElse(null);
            if (to == null) {
                missing.merge("that were handed over by " + from.name() + " wait for the spool " + name(mark), 1,
                        Integer::sum);
            } else {
                complete(from, note, to, mark.orElseThrow().key());
            }
        }
    }

    private void complete(Place from, Outgoing note, Place to, String key) throws IOException {
        Optional<Entry> copy = to.exchange().copy(key);
        to.exchange().activate(key);
        from.exchange().forget(note.id());
        // without a copy it was activated before, and has that id unless it was in use
        witnessed.moved(from, to, new Handover.Moved(note.id(), copy.map(Entry::id).orElse(note.id()),
                copy.map(entry -> entry.message().size()).orElse(0L)));
    }

    private void settleIncoming(Place to) throws IOException {
        try (Stream<Incoming> copies = to.exchange().incoming()) {
            for (Incoming copy : (Iterable<Incoming>) copies::iterator) {
                settle(to, copy);
            }
        }
    }

    private void settle(Place to, Incoming copy) throws IOException {
        Optional<Mark> mark = Mark.parse(copy.origin());
        Place from = mark.map(source -> places.get(source.identity())).orElse(null);
        if (from == null) {
            missing.merge("in " + to.name() + " wait for the spool " + name(mark) + ", which may still have them", 1,
                    Integer::sum);
            return;
        }
        String id = mark.orElseThrow().key();
        Optional<Claim> found = from.spool().claim(id);
        if (found.isPresent()) {
            try (Claim claim = found.get()) {
                // a write that succeeds: no earlier claim can hand this over any more
                claim.hold(claim.entry().held());
                to.exchange().discard(copy.key());
            }
        } else if (from.exchange().isGone(id) || isAboutAnother(from, id, to.mark(copy.key()))) {
            to.exchange().discard(copy.key());
        } else {
            open++;
        }
    }

    private static boolean isAboutAnother(Place from, String id, Mark copy) throws IOException {
        try (Stream<Outgoing> notes = from.exchange().outgoing()) {
            return notes.anyMatch(note -> note.id().equals(id) && Mark.parse(note.copy())
                    .filter(other -> !other.identity().equals(copy.identity()) || !other.key().equals(copy.key()))
                    .isPresent());
        }
    }

    private static String name(Optional<Mark> mark) {
        return mark.map(known -> known.spool() + " (" + known.identity() + ")").orElse("of an unknown name");
    }
}
