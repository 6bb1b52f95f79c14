package org.staffetta.log;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvent.Kind;

/** Events for tests. */
final class Events {
    static final Instant NOON = Instant.parse("2026-11-23T12:00:00.123456Z");

    private Events() {}

    /** Fields are name, value, name, value. */
    static MailEvent event(Kind kind, String session, String queueId, String... fields) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            map.put(fields[i], fields[i + 1]);
        }
        return new MailEvent(NOON, kind, session, queueId, map);
    }

    static MailEvent numbered(int number) {
        return event(Kind.REMOVED, "", "Q" + number);
    }
}
