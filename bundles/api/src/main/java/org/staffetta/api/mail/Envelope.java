package org.staffetta.api.mail;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Who sends, and to whom: what RFC 5321 section 2.3.1 calls the envelope.
 *
 * @param sender the reverse-path, {@link Address#NULL} for bounces
 * @param recipients the forward-paths in the order in which they were named; may be empty while they are still being named
 * @param parameters of MAIL as on the wire, keys in upper case ({@code SIZE}, {@code BODY}, {@code SMTPUTF8}, {@code RET},
 *        {@code ENVID}, {@code REQUIRETLS}); a parameter without a value has the empty string
 */
public record Envelope(Address sender, List<Recipient> recipients, Map<String, String> parameters) {

    /** Checks and copies. */
    public Envelope {
        Objects.requireNonNull(sender);
        recipients = List.copyOf(recipients);
        parameters = Map.copyOf(parameters);
    }

    /** The same envelope for other recipients. */
    public Envelope withRecipients(List<Recipient> others) {
        return new Envelope(sender, others, parameters);
    }
}
