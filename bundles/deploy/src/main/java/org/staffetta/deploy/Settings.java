package org.staffetta.deploy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The settings in the form in which they are used. */
record Settings(int keep, Optional<Path> trustStore, String trustPassword, Duration rollbackWithin,
        Duration startTimeout) {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    /**
     * Reads them.
     *
     * @param conf what a relative path is relative to
     * @throws IllegalArgumentException if one is wrong; the message names it and says what is allowed
     */
    static Settings of(DeployConfig config, Path conf) {
        Optional<Path> store = Optional.of(config.trust_store().strip()).filter(text -> !text.isEmpty())
                .map(conf::resolve);
        return new Settings(config.keep(), store, config.trust_password(),
                duration("rollback.within", config.rollback_within()),
                duration("start.timeout", config.start_timeout()));
    }

    private static Duration duration(String key, String text) {
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "deploy." + key + " is \"" + text + "\", but must be a number and one of ms, s, m, h, d");
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
