package org.staffetta.listener;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvent.Kind;

/** Tells the operator what happens in one session, or, with an empty id, in the listener. */
record Reporter(Parts parts, InstantSource clock, String session) {

    /** Fields are given as name, value, name, value; those with an empty value are left out. */
    void report(Kind kind, String queueId, String... fields) {
        Map<String, String> named = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            if (!fields[i + 1].isEmpty()) {
                named.put(fields[i], fields[i + 1]);
            }
        }
        parts.publish(new MailEvent(clock.instant(), kind, session, queueId, named));
    }

    void alarm(String text) {
        report(Kind.ALARM, "", "reason", text);
    }
}
