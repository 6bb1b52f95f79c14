package org.staffetta.filter.dmarc;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Mail in the name of a domain from one client, as a person sees it, or a program.
 *
 * @param reporters who tells of it; with a question mark if nobody has shown that it is he
 * @param last the last day
 */
record SourceView(String domain, AggregateReport.Row row, long messages, Set<String> reporters, LocalDate last) {

    private static final int MOST_REPORTERS = 3;
    private static final List<String> COLUMNS = List.of("DOMAIN", "SOURCE", "MESSAGES", "DKIM", "SPF", "DONE",
            "REPORTED BY", "LAST");

    private record Key(String domain, AggregateReport.Row row) {}

    /** All that is told of one source in the same way together; those that pass nothing come first, then those with the most messages. */
    static List<SourceView> of(List<ReportStore.Line> lines) {
        Map<Key, SourceView> views = new LinkedHashMap<>();
        for (ReportStore.Line line : lines) {
            String reporter = line.organization() + (line.author().isEmpty() ? "?" : "");
            views.merge(new Key(line.domain(), line.row()),
                    new SourceView(line.domain(), line.row(), line.messages(), Set.of(reporter), line.day()),
                    SourceView::and);
        }
        return views.values().stream().sorted(Comparator.comparing((SourceView view) -> view.row().isAligned())
                .thenComparing(Comparator.comparingLong(SourceView::messages).reversed())
                .thenComparing(SourceView::domain).thenComparing(view -> view.row().source())).toList();
    }

    private SourceView and(SourceView other) {
        Set<String> all = new LinkedHashSet<>(reporters);
        all.addAll(other.reporters);
        return new SourceView(domain, row, messages + other.messages, all,
                last.isBefore(other.last) ? other.last : last);
    }

    /** A line for each domain. */
    static List<String> summaries(List<SourceView> views, Map<String, Long> reports) {
        Map<String, List<SourceView>> domains = views.stream()
                .collect(Collectors.groupingBy(SourceView::domain, TreeMap::new, Collectors.toList()));
        List<String> lines = new ArrayList<>();
        domains.forEach((domain, sources) -> lines.add("%s: %d messages in %d reports, %d did not pass".formatted(
                domain, sum(sources), reports.getOrDefault(domain, 0L),
                sum(sources.stream().filter(source -> !source.row().isAligned()).toList()))));
        return lines;
    }

    private static long sum(List<SourceView> sources) {
        return sources.stream().mapToLong(SourceView::messages).sum();
    }

    /** Aligned columns. */
    static List<String> table(List<SourceView> views) {
        List<List<String>> rows = new ArrayList<>(List.of(COLUMNS));
        views.forEach(view -> rows.add(view.cells()));
        int[] widths = new int[COLUMNS.size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
        }
        return line.toString().stripTrailing();
    }

    private List<String> cells() {
        String named = reporters.stream().limit(MOST_REPORTERS).collect(Collectors.joining(", "));
        String more = reporters.size() > MOST_REPORTERS ? " and " + (reporters.size() - MOST_REPORTERS) : "";
        return List.of(domain, row.source(), Long.toString(messages), word(row.dkim()), word(row.spf()),
                row.disposition().isEmpty() ? "-" : row.disposition(), named + more, last.toString());
    }

    private static String word(boolean passed) {
        return passed ? "pass" : "fail";
    }

    /** One object in one line. */
    String json() {
        return "{\"domain\":%s,\"source\":%s,\"messages\":%d,\"dkim\":%s,\"spf\":%s,\"disposition\":%s,\"reporters\":%s,\"last\":%s}"
                .formatted(quoted(domain), quoted(row.source()), messages, quoted(word(row.dkim())),
                        quoted(word(row.spf())), quoted(row.disposition()),
                        reporters.stream().map(SourceView::quoted).collect(Collectors.joining(",", "[", "]")),
                        quoted(last.toString()));
    }

    // all of it is printable ASCII
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
