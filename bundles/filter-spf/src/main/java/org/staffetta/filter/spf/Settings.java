package org.staffetta.filter.spf;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an operator wants; a transaction keeps those that it began with. */
record Settings(String hostname, Set<String> refused, boolean helo, boolean trusted, boolean receivedSpf, int voids,
        Duration timeout) {

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

    static Settings of(SpfConfig config) {
        Set<String> refused = new HashSet<>(List.of(config.reject()));
        refused.addAll(List.of(config.defer()));
        return new Settings(config.hostname(), Set.copyOf(refused), config.helo(), config.trusted(),
                config.received_spf(), config.void_lookups(), duration(config.timeout()));
    }

    private static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a duration is a number and one of ms, s, m, h, d, not " + text);
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
