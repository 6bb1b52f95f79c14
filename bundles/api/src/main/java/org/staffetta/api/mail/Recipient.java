package org.staffetta.api.mail;

import java.util.Map;
import java.util.Objects;

/**
 * A forward-path with its ESMTP parameters.
 *
 * @param address where the message shall go; never {@link Address#NULL}
 * @param parameters of RCPT as on the wire, keys in upper case ({@code NOTIFY}, {@code ORCPT}: RFC 3461 section 4); a
 *        parameter without a value has the empty string
 */
public record Recipient(Address address, Map<String, String> parameters) {

    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if the address is the null reverse-path
     */
    public Recipient {
        Objects.requireNonNull(address);
        if (address.isNull()) {
            throw new IllegalArgumentException("a recipient needs an address");
        }
        parameters = Map.copyOf(parameters);
    }

    /** A recipient without parameters. */
    public Recipient(Address address) {
        this(address, Map.of());
    }
}
