package org.staffetta.log;

import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.staffetta.api.event.MailEvent;

/** One JSON object a line. */
record JsonFormat(InstantSource clock) implements LineFormat {

    @Override
    public String line(MailEvent event) {
        return object(event.time(), event.kind().name().toLowerCase(Locale.ROOT), event.sessionId(), event.queueId(),
                event.fields());
    }

    @Override
    public String lost(long count) {
        return object(clock.instant(), "lost", "", "", Map.of("events", Long.toString(count)));
    }

    private static String object(Instant time, String event, String session, String id, Map<String, String> fields) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("time", time.toString());
        members.put("event", event);
        members.put("session", session);
        members.put("id", id);
        // ours stay ours, whatever a plug-in calls its fields
        fields.forEach(members::putIfAbsent);
        StringBuilder out = new StringBuilder("{");
        members.forEach((name, value) -> {
            if (!value.isEmpty()) {
                out.append(out.length() > 1 ? "," : "").append(Escape.json(name)).append(':')
                        .append(Escape.json(value));
            }
        });
        return out.append('}').toString();
    }
}
