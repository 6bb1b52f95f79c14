package org.staffetta.filter.dkim;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.staffetta.api.session.Session;
import org.staffetta.api.config.Durations;

/** The configuration in the types that the code wants; see {@link DkimConfig} for each. */
record Settings(int most, Duration tolerance, Set<Client> clients, List<String> signed, Set<String> oversigned,
        Duration lifetime) {

    private static final Pattern FIELD_NAME = Pattern.compile("[!-9<-~]+");

    /** Whose messages are signed. */
    enum Client {
        AUTHENTICATED, TRUSTED
    }

    /**
     * Reads the configuration.
     *
     * @throws IllegalArgumentException if a value is wrong; the message names the key and what is allowed
     */
    static Settings of(DkimConfig config) {
        List<String> signed = names("sign.headers", config.sign_headers());
        if (signed.stream().noneMatch("From"::equalsIgnoreCase)) {
            // RFC 6376 section 5.4
            throw new IllegalArgumentException("sign.headers: From must be among them");
        }
        return new Settings(config.verify_max(), Durations.read("verify.tolerance", config.verify_tolerance()),
                given(config.sign_clients()).map(Settings::client).collect(Collectors.toUnmodifiableSet()), signed,
                names("sign.oversign", config.sign_oversign()).stream().map(name -> name.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet()),
                Durations.read("sign.lifetime", config.sign_lifetime()));
    }

    /** Whether the messages of a client are signed. */
    boolean signsFor(Session session) {
        return clients.contains(Client.AUTHENTICATED) && !session.account().isEmpty()
                || clients.contains(Client.TRUSTED) && session.trusted();
    }

    private static Stream<String> given(String... texts) {
        return Arrays.stream(texts).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static List<String> names(String key, String... texts) {
        List<String> names = given(texts).toList();
        for (String name : names) {
            // ftext (RFC 5322 section 3.6.8); a semicolon would end the tag
            if (!FIELD_NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(key + ": '" + name + "' is not the name of a header field");
            }
        }
        return names;
    }

    private static Client client(String text) {
        try {
            return Client.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException("sign.clients: '" + text + "' is none of authenticated, trusted",
                    unknown);
        }
    }
}
