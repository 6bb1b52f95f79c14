package org.staffetta.queue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.staffetta.api.mail.Address;
import org.staffetta.api.config.Durations;

/**
 * The configuration, checked.
 *
 * @param hostname how this server calls itself in notifications
 * @param postmaster who notifications come from
 * @param spool that they go to, if it is there
 * @param activeLimit messages in work at once
 * @param recipientsPerAttempt recipients in one attempt
 * @param attemptTimeout after which an attempt is interrupted
 * @param drainTimeout how long a stop waits for attempts that run
 * @param returnLimit octets of a message that a bounce gives back
 * @param lanes the bounds of lanes
 * @param schedule of retries
 */
record Settings(String hostname, Address postmaster, String spool, int activeLimit, int recipientsPerAttempt,
        Duration attemptTimeout,
        Duration drainTimeout, int returnLimit, LaneSettings lanes, Schedule schedule) {

    /**
     * Reads the configuration.
     *
     * @throws IllegalArgumentException if a value is wrong; its message says which and what is allowed
     */
    static Settings of(QueueConfig config) {
        LaneSettings lanes = new LaneSettings(config.lane_concurrency_initial(), config.lane_concurrency_max(),
                config.local_concurrency(), concurrencies(config.transport_concurrency()), config.lane_waiting(),
                config.attempts_max(), positive("trouble.first", config.trouble_first()),
                positive("trouble.max", config.trouble_max()));
        Schedule schedule = new Schedule(positive("retry.first", config.retry_first()),
                positive("retry.max", config.retry_max()), positive("lifetime", config.lifetime()),
                positive("bounce.lifetime", config.bounce_lifetime()), duration("warn.after", config.warn_after()));
        return new Settings(config.hostname(), postmaster(config), config.spool(), config.active_limit(),
                config.max_recipients_per_attempt(), positive("attempt.timeout", config.attempt_timeout()),
                duration("drain.timeout", config.drain_timeout()), config.bounce_size_limit(), lanes, schedule);
    }

    private static Address postmaster(QueueConfig config) {
        String text = config.postmaster().isBlank() ? "postmaster@" + config.hostname() : config.postmaster();
        try {
            return Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("postmaster (or hostname): '" + text + "': " + e.getMessage(), e);
        }
    }

    private static Map<String, Integer> concurrencies(String[] items) {
        Map<String, Integer> byTransport = new HashMap<>();
        for (String item : items) {
            Matcher matcher = Pattern.compile("\\s*([^\\s=]+)\\s*=\\s*([1-9]\\d{0,3})\\s*").matcher(item);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("transport.concurrency: '" + item
                        + "' is not <transport>=<1 to 9999>, such as lmtp=10");
            }
            byTransport.put(matcher.group(1), Integer.valueOf(matcher.group(2)));
        }
        return byTransport;
    }

    private static Duration positive(String key, String text) {
        Duration duration = duration(key, text);
        if (duration.isZero()) {
            throw new IllegalArgumentException(key + ": must be longer than 0");
        }
        return duration;
    }

    // keeps every sum of durations within what nanoseconds in a long can hold
    private static Duration duration(String key, String text) {
        Duration duration = Durations.read(key, text);
        if (duration.toDays() > 3650) {
            throw new IllegalArgumentException(key + ": must not be longer than 3650d");
        }
        return duration;
    }
}
