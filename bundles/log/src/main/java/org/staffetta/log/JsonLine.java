package org.staffetta.log;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.staffetta.api.event.MailEvent;

/** Reads what {@link JsonFormat} writes: an object of strings. */
final class JsonLine {

    private final String line;
    private int at;

    JsonLine(String line) {
        this.line = line;
    }

    /**
     * The event.
     *
     * @throws IllegalArgumentException if the line is not one of ours
     */
    Optional<MailEvent> event() {
        Map<String, String> members = members();
        String time = members.remove("time");
        String kind = members.remove("event");
        if (time == null || kind == null || kind.equals("lost")) {
            return Optional.empty();
        }
        String session = Objects.requireNonNullElse(members.remove("session"), "");
        String id = Objects.requireNonNullElse(members.remove("id"), "");
        return Optional.of(new MailEvent(instant(time), MailEvent.Kind.valueOf(kind.toUpperCase(Locale.ROOT)), session,
                id, members));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    private Map<String, String> members() {
        Map<String, String> members = new LinkedHashMap<>();
        expect('{');
        while (line.charAt(at) != '}') {
            if (!members.isEmpty()) {
                expect(',');
            }
            String name = string();
            expect(':');
            members.put(name, string());
        }
        return members;
    }

    private String string() {
        StringBuilder out = new StringBuilder();
        expect('"');
        while (line.charAt(at) != '"') {
            char c = line.charAt(at++);
            out.append(c == '\\' ? escaped() : c);
        }
        expect('"');
        return out.toString();
    }

    private char escaped() {
        char c = line.charAt(at++);
        if (c != 'u') {
            return c;
        }
        at += 4;
        return (char) Integer.parseInt(line.substring(at - 4, at), 16);
    }

    private void expect(char c) {
        if (line.charAt(at++) != c) {
            throw new IllegalArgumentException("no " + c + " at " + at);
        }
    }
}
