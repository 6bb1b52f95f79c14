package org.staffetta.shell;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.staffetta.api.migration.Progress;

/** How far a migration is. */
final class ProgressView {

    private ProgressView() {}

    /** For people. */
    static String line(Progress progress) {
        StringBuilder line = new StringBuilder("migration ").append(progress.from()).append(" -> ")
                .append(progress.to()).append(": ").append(progress.state().name().toLowerCase(Locale.ROOT))
                .append(", moved ").append(progress.done()).append(" (").append(size(progress.octets()))
                .append("), left ").append(progress.left());
        if (progress.perSecond() > 0) {
            line.append(String.format(Locale.ROOT, ", %.1f a second", progress.perSecond()));
        }
        progress.timeToGo().ifPresent(time -> line.append(", to go ").append(time(time)));
        if (!progress.trouble().isEmpty()) {
            line.append("; ").append(progress.trouble());
        }
        return Table.clean(line.toString());
    }

    /** For machines. */
    static Map<String, Object> json(Progress progress) {
        Map<String, Object> json = EntryView.ordered("migration", progress.state().name().toLowerCase(Locale.ROOT),
                "from", progress.from(), "to", progress.to(), "began", progress.began().getEpochSecond(), "done",
                progress.done(), "octets", progress.octets(), "left", progress.left(), "per_second",
                Math.round(progress.perSecond()), "trouble", progress.trouble());
        progress.timeToGo().ifPresent(time -> json.put("seconds_to_go", time.toSeconds()));
        return json;
    }

    private static String size(long octets) {
        if (octets < 1 << 20) {
            return octets / 1024 + " KiB";
        }
        return String.format(Locale.ROOT, "%.1f MiB", octets / (double) (1 << 20));
    }

    private static String time(Duration time) {
        return String.format(Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart());
    }
}
