package org.staffetta.listener;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.staffetta.api.filter.Finding;

/** What one filter has said so far to one listener. */
final class Count {

    private static final List<Word> VERDICTS = List.of(Word.PROCEED, Word.REFUSE, Word.DEFER, Word.QUARANTINE,
            Word.DISCARD);

    // filters choose their words
    private static final int MOST_RESULTS = 50;

    private final Map<Word, LongAdder> words = new EnumMap<>(Word.class);
    private final Map<String, LongAdder> results = new ConcurrentHashMap<>();
    private final LongAdder differed = new LongAdder();

    Count() {
        for (Word word : Word.values()) {
            words.put(word, new LongAdder());
        }
    }

    void note(Word word) {
        adder(word).increment();
    }

    /** What it has found out. */
    void note(List<Finding> findings) {
        for (Finding finding : findings) {
            String word = finding.method() + "=" + finding.result();
            if (results.size() < MOST_RESULTS || results.containsKey(word)) {
                results.computeIfAbsent(word, _ -> new LongAdder()).increment();
            }
        }
    }

    /** What it said without effect would have made a difference. */
    void differed() {
        differed.increment();
    }

    /** By the names of {@link org.staffetta.api.filter.Chain.Link#counters()}. */
    Map<String, Long> read() {
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("asked", words.values().stream().mapToLong(LongAdder::sum).sum());
        VERDICTS.forEach(word -> counters.put(word.toString(), adder(word).sum()));
        counters.put("failed", adder(Word.FAILED).sum() + adder(Word.SKIPPED).sum());
        counters.put("differed", differed.sum());
        return counters;
    }

    /** By the words of {@link org.staffetta.api.filter.Chain.Link#results()}. */
    Map<String, Long> readResults() {
        Map<String, Long> read = new TreeMap<>();
        results.forEach((word, count) -> read.put(word, count.sum()));
        return read;
    }

    private LongAdder adder(Word word) {
        return words.getOrDefault(word, differed);
    }

    /** All of them. There are as many as the configuration names filters, twice for each listener. */
    static final class All {

        private record Key(String listener, String filter, boolean canary) {}

        private final Map<Key, Count> counts = new ConcurrentHashMap<>();

        Count of(String listener, String filter, boolean canary) {
            return counts.computeIfAbsent(new Key(listener, filter, canary), _ -> new Count());
        }
    }
}
