package org.staffetta.itests;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.staffetta.itests.SwapLedger.Mishap;
import org.staffetta.itests.SwapLedger.Sent;
import org.staffetta.itests.SwapProbe.Wait;

/**
 * What swaps did to the mail that was under way.
 *
 * <p>A message belongs to the swap during which its client was busy with it, even in part; if there was none, to the calm. The <i>pause</i> of a
 * swap is the longest time, even in part during it, that two {@link SwapProbe}s both waited for a reply: all of that time, also what they would have
 * waited without a swap. The second before each swap has its pause too, so that both can be compared.
 */
final class SwapTable {

    /** The row for the time without a swap. */
    static final String CALM = "none";
    /** The row for all that put one version of a filter in the place of another. */
    static final String FILTERS = "filter, in all these ways";
    /** The row for all swaps together. */
    static final String ALL = "all";

    private static final long SECOND = 1_000_000_000;
    private static final double MILLI = 1e6;

    /** The time of one swap, and a moment after it, when what is new has not run often yet. */
    record Window(String kind, long start, long end) {}

    /** What is known of one kind of swap; times in milliseconds. */
    record Row(String kind, int swaps, int messages, long refusedForNow, long refusedForGood, long cut, long refused,
            long lost, long twice, Spread latency, Spread pause) {

        private String line() {
            return String.format(Locale.ROOT, "| %s | %d | %d | %d | %d | %d | %d | %d | %d | %s | %s |%n", kind, swaps,
                    messages, refusedForNow, refusedForGood, cut, refused, lost, twice, latency, pause);
        }
    }

    /** Some times in milliseconds. */
    record Spread(double p50, double p99, double longest) {

        static Spread of(long... nanos) {
            Arrays.sort(nanos);
            return nanos.length == 0
                    ? new Spread(0, 0, 0)
                    : new Spread(share(nanos, 0.5), share(nanos, 0.99), nanos[nanos.length - 1] / MILLI);
        }

        private static double share(long[] sorted, double share) {
            return sorted[(int) Math.ceil(share * sorted.length) - 1] / MILLI;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.1f | %.1f | %.1f", p50, p99, longest);
        }
    }

    private final SwapLedger ledger;
    private final List<Sent> sent;
    private final NavigableMap<Long, Wait> waits = new TreeMap<>(); // by their end
    private final NavigableMap<Long, Window> windows = new TreeMap<>(); // by their end

    /**
     * @param waits of probes, one after the other
     * @param swaps one after the other
     */
    SwapTable(SwapLedger ledger, List<Wait> waits, List<Window> swaps) {
        this.ledger = ledger;
        sent = ledger.sent();
        waits.forEach(wait -> this.waits.put(wait.end(), wait));
        swaps.forEach(window -> windows.put(window.end(), window));
    }

    /** The calm, each kind of swap, and all swaps. */
    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        rows.add(row(CALM, CALM::equals, calm()));
        Set<String> kinds = new LinkedHashSet<>(windows.values().stream().map(Window::kind).sorted().toList());
        kinds.forEach(kind -> rows.add(row(kind, kind::equals)));
        rows.add(row(FILTERS, kind -> kind.startsWith(SwapFilter.KIND)));
        rows.add(row(ALL, kind -> !kind.equals(CALM)));
        return rows;
    }

    private Row row(String name, Predicate<String> kinds) {
        return row(name, kinds,
                windows.values().stream().filter(window -> kinds.test(window.kind())).toList());
    }

    /** The row of one kind. */
    Row row(String kind) {
        return rows().stream().filter(row -> row.kind().equals(kind)).findFirst().orElseThrow();
    }

    String markdown() {
        StringBuilder text = new StringBuilder(
                """
                        | | swaps | messages | 4yz | 5yz | cut | refused | lost | twice | message: p50 | p99 | longest ms | pause: p50 | p99 | longest ms |
                        |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
                        """);
        rows().forEach(row -> text.append(row.line()));
        return text.toString();
    }

    private Row row(String name, Predicate<String> kinds, List<Window> times) {
        List<Sent> own = sent.stream().filter(message -> kinds.test(kind(message.start(), message.end()))).toList();
        List<Sent> accepted = own.stream().filter(message -> message.reply() == 250).toList();
        return new Row(name, name.equals(CALM) ? 0 : times.size(), accepted.size(), replies(own, 4), replies(own, 5),
                troubles(kinds, Mishap.CUT), troubles(kinds, Mishap.REFUSED),
                accepted.stream().filter(message -> ledger.copies(message.key()) == 0).count(),
                accepted.stream().filter(message -> ledger.copies(message.key()) > 1).count(),
                Spread.of(own.stream().mapToLong(message -> message.end() - message.start()).toArray()),
                Spread.of(times.stream().mapToLong(this::pause).toArray()));
    }

    private static long replies(List<Sent> messages, int severity) {
        return messages.stream().filter(message -> message.reply() / 100 == severity).count();
    }

    private long troubles(Predicate<String> kinds, Mishap mishap) {
        return ledger.troubles().stream()
                .filter(trouble -> trouble.mishap() == mishap && kinds.test(kind(trouble.start(), trouble.end())))
                .count();
    }

    private String kind(long from, long to) {
        Map.Entry<Long, Window> next = windows.ceilingEntry(from);
        return next == null || next.getValue().start() > to ? CALM : next.getValue().kind();
    }

    // what began during a swap, or went on into one, is none of the calm's
    private long pause(Window window) {
        Long last = Objects.requireNonNullElse(waits.ceilingKey(window.end()), window.end());
        return waits.subMap(window.start(), true, last, true).values().stream()
                .filter(wait -> kind(wait.start(), wait.end()).equals(window.kind())).mapToLong(Wait::nanos).max()
                .orElse(0);
    }

    // to prepare a swap, as to build a jar, takes from the machine as well: so nothing but the second right before each swap
    private List<Window> calm() {
        List<Window> seconds = new ArrayList<>();
        long free = waits.isEmpty() ? Long.MAX_VALUE : waits.firstKey();
        for (Window window : windows.values()) {
            if (window.start() - SECOND >= free) {
                seconds.add(new Window(CALM, window.start() - SECOND, window.start()));
            }
            free = window.end();
        }
        return seconds;
    }
}
