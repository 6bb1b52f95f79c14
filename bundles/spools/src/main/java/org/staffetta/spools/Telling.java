package org.staffetta.spools;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvents;
import org.staffetta.api.migration.Progress;

/** What is told of migrations to whoever listens. */
final class Telling {

    private static final Logger LOG = LoggerFactory.getLogger(Telling.class);

    private final InstantSource clock;
    private final Supplier<@Nullable MailEvents> events;

    Telling(InstantSource clock, Supplier<@Nullable MailEvents> events) {
        this.clock = clock;
        this.events = events;
    }

    /** A message is in another spool now. */
    void moved(Place from, Place to, Handover.Moved moved) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("spool", to.name());
        fields.put("before", from.name());
        if (!moved.id().equals(moved.before())) {
            fields.put("id-before", moved.before());
        }
        publish(MailEvent.Kind.MIGRATED, moved.id(), fields);
    }

    /** How far a migration is; {@code held} is how many messages the target holds, -1 if that is not known. */
    void progress(String what, Progress progress, long held) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("migration", what);
        fields.put("source", progress.from());
        fields.put("target", progress.to());
        fields.put("done", Long.toString(progress.done()));
        fields.put("octets", Long.toString(progress.octets()));
        fields.put("left", Long.toString(progress.left()));
        if (held >= 0) {
            fields.put("target-holds", Long.toString(held));
        }
        if (progress.perSecond() > 0) {
            fields.put("rate", String.format(Locale.ROOT, "%.1f", progress.perSecond()));
        }
        progress.timeToGo().ifPresent(time -> fields.put("to-go", time.toSeconds() + "s"));
        fields.put("trouble", progress.trouble());
        fields.values().removeIf(String::isEmpty);
        LOG.info("Migration of a spool: {}", fields);
        publish(MailEvent.Kind.PROGRESS, "", fields);
    }

    void alarm(String what) {
        LOG.error("{}", what);
        publish(MailEvent.Kind.ALARM, "", Map.of("part", "spools", "reason", what));
    }

    private void publish(MailEvent.Kind kind, String id, Map<String, String> fields) {
        MailEvents target = events.get();
        if (target != null) {
            target.publish(new MailEvent(clock.instant(), kind, "", id, fields));
        }
    }
}
