package org.staffetta.deploy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.deploy.Progress;
import org.staffetta.api.event.MailEvent;

/** Tells each step of one operation: to who asked for it, as an event, and in the history when it is over. */
final class Steps {

    private static final Logger LOG = LoggerFactory.getLogger(Steps.class);

    private final String action;
    private String file;
    private final String cause;
    private final Progress progress;
    private final Consumer<MailEvent> events;
    private final InstantSource clock;
    private final Instant begin;
    private final List<String> done = new ArrayList<>();
    private String name = "";
    private String version = "";
    private String digest = "";
    private long last = System.nanoTime();

    /**
     * Begins.
     *
     * @param cause why it is done, if nobody asked for it; may be empty
     */
    Steps(String action, String file, String cause, Progress progress, Consumer<MailEvent> events,
            InstantSource clock) {
        this.action = action;
        this.file = file;
        this.cause = cause;
        this.progress = progress;
        this.events = events;
        this.clock = clock;
        this.begin = clock.instant();
    }

    /** Which bundle it is about is known now. */
    void of(Jar jar) {
        name = jar.name();
        version = jar.version().toString();
        digest = jar.digest();
    }

    /** Which bundle it is about is known now, though its jar is not looked at. */
    void of(Bundle bundle, String itsDigest) {
        name = bundle.getSymbolicName();
        version = bundle.getVersion().toString();
        digest = itsDigest;
    }

    String action() {
        return action;
    }

    /** Which file in the folder it is about is known now. */
    void into(String deployed) {
        file = deployed;
    }

    /** A step was done. */
    void done(String step, String detail) {
        long now = System.nanoTime();
        done.add(step + " " + TimeUnit.NANOSECONDS.toMillis(now - last) + " ms");
        last = now;
        progress.step(step, detail);
        publish(step, detail, "");
    }

    Past succeeded() {
        publish("", cause, "done");
        LOG.info("{} of {}: {}", action, subject(), String.join(", ", done));
        return past(true, cause);
    }

    Past failed(String reason) {
        publish("", reason, "failed");
        LOG.warn("{} of {} failed, and all is as it was: {}", action, subject(), reason);
        return past(false, reason);
    }

    /** The old version, which had time to end what it had begun, has gone. */
    void drained(String old, long nanos) {
        publish("drain", old + " has gone after " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms", "");
    }

    private String subject() {
        return name.isEmpty() ? file : name + " " + version + " from " + file;
    }

    private Past past(boolean succeeded, String reason) {
        return new Past(begin, action, file, name, version, digest, succeeded, reason, String.join(", ", done));
    }

    private void publish(String step, String detail, String status) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("action", action);
        fields.put("bundle", name);
        fields.put("version", version);
        fields.put("file", file);
        fields.put("step", step);
        fields.put("detail", detail);
        fields.put("status", status);
        fields.values().removeIf(String::isEmpty);
        events.accept(new MailEvent(clock.instant(), MailEvent.Kind.DEPLOYED, "", "", fields));
    }
}
