package org.staffetta.shell;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.staffetta.api.event.MailEvent;

/** How what has happened to a message is shown. */
final class EventView {

    // name/version phase verdict milliseconds xN: see MailEvent.Kind.FILTERED
    private static final Pattern CALL = Pattern
            .compile("(.+)/(\\S+) ([a-z]+) ([a-z]+) ([0-9]+\\.[0-9]+)(?: x([0-9]+))?");
    private static final Set<String> SAID_OTHERWISE = Set.of("reply", "status", "transaction", "taken", "differs");

    /** One or more calls of a filter. */
    record Call(String filter, String version, String phase, String verdict, double millis, int times) {}

    private EventView() {}

    /** The calls that an event of filters tells of. */
    static List<Call> calls(MailEvent event) {
        List<Call> calls = new ArrayList<>();
        for (String text : filters(event).split(", ")) {
            Matcher call = CALL.matcher(text);
            if (call.matches()) {
                calls.add(new Call(call.group(1), call.group(2), call.group(3), call.group(4),
                        Double.parseDouble(call.group(5)),
                        call.group(6) == null ? 1 : Integer.parseInt(call.group(6))));
            }
        }
        return calls;
    }

    static Map<String, Object> json(MailEvent event) {
        Map<String, Object> json = EntryView.ordered("time", event.time(), "event",
                event.kind().name().toLowerCase(Locale.ROOT), "session", event.sessionId(), "id", event.queueId());
        event.fields().forEach((name, value) -> {
            if (!name.startsWith("filters")) {
                json.putIfAbsent(name, value);
            }
        });
        List<Call> calls = calls(event);
        if (!calls.isEmpty()) {
            json.put("filters",
                    calls.stream().map(call -> EntryView.ordered("filter", call.filter(), "version", call.version(),
                            "phase", call.phase(), "verdict", call.verdict(), "milliseconds", call.millis(), "times",
                            call.times())).toList());
        }
        return json;
    }

    /** A row for each call of a filter, one for anything else. */
    static void rows(MailEvent event, Table table) {
        String time = event.time().truncatedTo(ChronoUnit.MILLIS).toString();
        switch (event.kind()) {
            case FILTERED -> calls(event).forEach(call -> table.row(time, "filter", text(call)));
            case SHADOWED -> {
                String taken = event.fields().getOrDefault("taken", "");
                boolean differs = event.fields().getOrDefault("differs", "").equals("yes");
                calls(event).forEach(call -> table.row(time, "shadow", text(call)));
                table.row(time, "shadow",
                        differs
                                ? "would have made a difference: decided was " + taken + reply(event)
                                : "no difference");
            }
            default -> table.row(time, word(event), details(event.fields()) + reply(event));
        }
    }

    private static String text(Call call) {
        return "%s %s, %s: %s, %.2f ms%s".formatted(call.filter(), call.version(), call.phase(), call.verdict(),
                call.millis(), call.times() > 1 ? " in " + call.times() + " calls" : "");
    }

    private static String word(MailEvent event) {
        String status = event.fields().getOrDefault("status", "");
        return status.isEmpty() ? event.kind().name().toLowerCase(Locale.ROOT) : status;
    }

    private static String details(Map<String, String> fields) {
        Map<String, String> shown = new LinkedHashMap<>(fields);
        shown.keySet().removeAll(SAID_OTHERWISE);
        return shown.entrySet().stream().filter(field -> !field.getValue().isEmpty())
                .map(field -> field.getKey() + "=" + field.getValue()).collect(Collectors.joining(", "));
    }

    private static String reply(MailEvent event) {
        String reply = event.fields().getOrDefault("reply", "");
        return reply.isEmpty() ? "" : " (" + reply + ")";
    }

    private static String filters(MailEvent event) {
        return event.fields().entrySet().stream().filter(field -> field.getKey().startsWith("filters"))
                .map(Map.Entry::getValue).collect(Collectors.joining(", "));
    }
}
