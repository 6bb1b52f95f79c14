package org.staffetta.log;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import org.staffetta.api.event.MailEvent;

/**
 * A line in Postfix' spirit.
 *
 * @param time how a line begins
 * @param origin what follows: the host's name, for example; empty for nothing
 * @param pid what stands behind the program's name, in brackets; empty for nothing
 */
record TextFormat(DateTimeFormatter time, String origin, String pid, InstantSource clock) implements LineFormat {
    private static final Set<String> BRACKETED = Set.of("from", "to", "orig_to", "helo", "message-id", "account");
    private static final String SEPARATORS = " ,=()<>\"";
    private static final String REPLY = "reply";
    private static final String STATUS = "status";

    /** As the mail log has it. */
    static TextFormat full(String host, long pid, ZoneId zone, InstantSource clock) {
        return new TextFormat(DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx", Locale.ROOT).withZone(zone),
                " " + Escape.text(host, SEPARATORS), "[" + pid + "]", clock);
    }

    /** As a terminal has it. */
    static TextFormat brief(ZoneId zone, InstantSource clock) {
        return new TextFormat(DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(zone), "", "", clock);
    }

    @Override
    public String line(MailEvent event) {
        StringBuilder out = begin(event.time(), program(event));
        String id = event.queueId().isEmpty() ? event.sessionId() : event.queueId();
        if (!id.isEmpty()) {
            out.append(Escape.text(id, SEPARATORS)).append(": ");
        }
        String separator = "";
        String word = word(event.kind());
        if (!word.isEmpty()) {
            out.append(word);
            separator = ", ";
        }
        for (var field : event.fields().entrySet()) {
            if (!field.getKey().equals(REPLY) && !field.getKey().equals(STATUS)) {
                separator = append(out, separator, field.getKey(), field.getValue());
            }
        }
        if (!event.queueId().isEmpty() && !event.sessionId().isEmpty()) {
            separator = append(out, separator, "session", event.sessionId());
        }
        appendStatus(out, separator, event);
        return out.toString();
    }

    @Override
    public String lost(long count) {
        return begin(clock.instant(), "log").append(count)
                .append(count == 1 ? " line is missing here" : " lines are missing here").toString();
    }

    private StringBuilder begin(Instant instant, String program) {
        return new StringBuilder(256).append(time.format(instant)).append(origin).append(" staffetta/").append(program)
                .append(pid).append(": ");
    }

    /** Last, as in Postfix: what the other side said may hold anything. */
    private static void appendStatus(StringBuilder out, String separator, MailEvent event) {
        String status = event.fields().getOrDefault(STATUS, "");
        if (!status.isEmpty()) {
            append(out, separator, STATUS, status);
        }
        String reply = event.fields().getOrDefault(REPLY, "");
        if (!reply.isEmpty()) {
            out.append(" (").append(Escape.text(reply, "")).append(')');
        }
    }

    private static String append(StringBuilder out, String separator, String name, String value) {
        if (value.isEmpty() && !BRACKETED.contains(name)) {
            return separator;
        }
        out.append(separator).append(Escape.text(name, SEPARATORS)).append('=').append(value(name, value));
        return ", ";
    }

    private static String value(String name, String value) {
        if (BRACKETED.contains(name)) {
            boolean enclosed = value.length() > 1 && value.startsWith("<") && value.endsWith(">");
            return "<" + Escape.text(enclosed ? value.substring(1, value.length() - 1) : value, "<>") + ">";
        }
        boolean plain = value.chars().noneMatch(c -> SEPARATORS.indexOf(c) >= 0);
        return plain ? Escape.text(value, "") : "\"" + Escape.text(value, "\"") + "\"";
    }

    private static String program(MailEvent event) {
        return switch (event.kind()) {
            case CONNECTED, DISCONNECTED, REFUSED, AUTHENTICATED, FILTERED, SHADOWED -> "smtpd";
            // the way out, if it is that of a message
            case SECURED -> event.queueId().isEmpty() ? "smtpd" : "relay";
            // a bounce is accepted too, but from no client
            case ACCEPTED, DISCARDED, HELD -> event.sessionId().isEmpty() ? "queue" : "smtpd";
            case DELIVERED, DEFERRED, BOUNCED -> "delivery";
            case ROUTED, REMOVED -> "queue";
            case MIGRATED, PROGRESS -> "migration";
            case DEPLOYED -> "deploy";
            case ALARM -> "alarm";
        };
    }

    /** What stands in front of the fields; empty for a delivery, whose status says it. */
    static String word(MailEvent.Kind kind) {
        return switch (kind) {
            case CONNECTED -> "connect";
            case DISCONNECTED -> "disconnect";
            case REFUSED -> "reject";
            case FILTERED -> "filtered";
            case SHADOWED -> "shadow";
            case SECURED -> "tls";
            case AUTHENTICATED -> "auth";
            case ACCEPTED -> "accepted";
            case DISCARDED -> "discarded";
            case HELD -> "held";
            case ROUTED -> "routed";
            case REMOVED -> "removed";
            case MIGRATED -> "migrated";
            case PROGRESS -> "progress";
            case DELIVERED, DEFERRED, BOUNCED -> "";
            case DEPLOYED -> "deployed";
            case ALARM -> "alarm";
        };
    }
}
