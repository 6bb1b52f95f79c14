package org.staffetta.filter.dmarc;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.staffetta.api.config.Durations;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;

/**
 * Which reports of others an operator wants to have read; see {@link DmarcConfig} for each.
 *
 * @param addresses to which they come, in lower case
 * @param keep how long is kept what they say
 */
record IncomingSettings(Set<String> addresses, Duration keep) {

    private static final Duration SHORTEST = Duration.ofDays(1);
    private static final Duration LONGEST = Duration.ofDays(400);

    /** Copies. */
    IncomingSettings {
        addresses = Set.copyOf(addresses);
    }

    /**
     * Reads the configuration.
     *
     * @throws IllegalArgumentException if a value is wrong; the message names the key and what is allowed
     */
    static IncomingSettings of(DmarcConfig config) {
        Duration keep = Durations.read("incoming.keep", config.incoming_keep());
        if (keep.compareTo(SHORTEST) < 0 || keep.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("incoming.keep: write 1d to 400d, not " + config.incoming_keep());
        }
        return new IncomingSettings(Arrays.stream(config.incoming()).map(String::strip).filter(text -> !text.isEmpty())
                .map(IncomingSettings::address).collect(Collectors.toUnmodifiableSet()), keep);
    }

    /** Whether one of the recipients is for reports. */
    boolean wants(Envelope envelope) {
        return !addresses.isEmpty() && envelope.recipients().stream()
                .anyMatch(recipient -> addresses.contains(lower(recipient.address())));
    }

    private static String address(String text) {
        try {
            return lower(Address.parse(text));
        } catch (IllegalArgumentException noAddress) {
            throw new IllegalArgumentException("incoming: '" + text + "': " + noAddress.getMessage(), noAddress);
        }
    }

    private static String lower(Address address) {
        return address.toString().toLowerCase(Locale.ROOT);
    }
}
