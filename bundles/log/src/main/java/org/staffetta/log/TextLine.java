package org.staffetta.log;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvent.Kind;

/** Reads what {@link TextFormat} writes. */
final class TextLine {

    private static final Pattern HEAD = Pattern
            .compile("(?<time>\\S+) \\S+ staffetta/(?<program>\\w+)\\[\\d+\\]: (?:(?<id>[^ :=]+): )?(?<rest>.*)");
    private static final Pattern WORD = Pattern.compile("([a-z]+)(?=, | \\(|$)(?:, )?");
    private static final Pattern FIELD = Pattern
            .compile(
                    "(?<name>[^ ,=()<>\"]+)=(?:<(?<address>[^>]*)>|\"(?<quoted>[^\"]*)\"|(?<plain>[^ ,=()<>\"]*))(?:, )?");
    private static final Pattern REPLY = Pattern.compile(" \\((?<reply>.*)\\)");
    private static final Map<String, Kind> KINDS = Arrays.stream(Kind.values())
            .filter(kind -> !TextFormat.word(kind).isEmpty())
            .collect(Collectors.toUnmodifiableMap(TextFormat::word, kind -> kind));

    private TextLine() {}

    /**
     * The event; empty if the line tells of none.
     *
     * @throws IllegalArgumentException if the line is not one of ours
     */
    static Optional<MailEvent> event(String line) {
        Matcher head = HEAD.matcher(line);
        if (!head.matches()) {
            return Optional.empty();
        }
        String rest = head.group("rest");
        Matcher word = WORD.matcher(rest);
        boolean named = word.lookingAt();
        Map<String, String> fields = fields(rest.substring(named ? word.end() : 0));
        Kind kind = named ? KINDS.get(word.group(1)) : ofStatus(fields.getOrDefault("status", ""));
        if (kind == null) {
            return Optional.empty();
        }
        String session = Objects.requireNonNullElse(fields.remove("session"), "");
        String id = Escape.plain(Objects.requireNonNullElse(head.group("id"), ""));
        // one id is the message's, unless only the session can have one
        boolean ofSession = session.isEmpty() && head.group("program").equals("smtpd");
        return Optional.of(new MailEvent(instant(head.group("time")), kind, ofSession ? id : session,
                ofSession ? "" : id, fields));
    }

    private static @Nullable Kind ofStatus(String status) {
        return switch (status) {
            case "sent" -> Kind.DELIVERED;
            case "deferred", "bounce-deferred" -> Kind.DEFERRED;
            case "bounced", "expired" -> Kind.BOUNCED;
            default -> null;
        };
    }

    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher field = FIELD.matcher(text);
        int at = 0;
        while (field.region(at, text.length()).lookingAt()) {
            String value = field.group("address") != null
                    ? field.group("address")
                    : field.group("quoted") != null ? field.group("quoted") : field.group("plain");
            fields.put(Escape.plain(field.group("name")), Escape.plain(value));
            at = field.end();
        }
        Matcher reply = REPLY.matcher(text).region(at, text.length());
        if (reply.matches()) {
            fields.put("reply", Escape.plain(reply.group("reply")));
        }
        return fields;
    }
}
