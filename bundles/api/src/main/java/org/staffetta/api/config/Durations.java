package org.staffetta.api.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times as they are written in the configuration: a whole number of at most nine digits and a unit, {@code ms}, {@code s}, {@code m}, {@code h} or
 * {@code d}. An attribute whose default is such a text takes nothing else, so whoever reads it may rely on that in the running server.
 */
public final class Durations {

    private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

    private Durations() {}

    /** Whether the text is a time, white space around it not counted. */
    public static boolean isDuration(String text) {
        return WRITTEN.matcher(text.strip()).matches();
    }

    /**
     * Reads a time.
     *
     * @param setting what the operator calls it
     * @throws IllegalArgumentException with one line for the operator if the text is no time
     */
    public static Duration read(String setting, String text) {
        Matcher written = WRITTEN.matcher(text.strip());
        if (!written.matches()) {
            throw new IllegalArgumentException(
                    setting + ": '" + text + "' is not a time such as 500ms, 30s, 5m, 2h or 5d");
        }
        long number = Long.parseLong(written.group(1));
        return switch (written.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
