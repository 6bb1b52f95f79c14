package org.staffetta.queue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvents;

/** Publishes events if there is anybody to publish to. */
final class Events {
    private final Time time;
    private final Supplier<@Nullable MailEvents> target;

    Events(Time time, Supplier<@Nullable MailEvents> target) {
        this.time = time;
        this.target = target;
    }

    void publish(MailEvent.Kind kind, String queueId, Map<String, String> fields) {
        MailEvents present = target.get();
        if (present != null) {
            present.publish(new MailEvent(time.now(), kind, "", queueId, fields));
        }
    }

    void alarm(String queueId, String reason) {
        publish(MailEvent.Kind.ALARM, queueId, fields("part", "queue", "reason", reason));
    }

    /** Names and values in turn. */
    static Map<String, String> fields(String... namesAndValues) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }
}
