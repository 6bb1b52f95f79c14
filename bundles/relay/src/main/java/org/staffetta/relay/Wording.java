package org.staffetta.relay;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.mail.Reply;
import org.staffetta.smtp.client.Capabilities;
import org.staffetta.smtp.client.Command;
import org.staffetta.smtp.idna.Idna;

/** An envelope in the words that a certain server understands, and what cannot be said to it at all. */
final class Wording {

    private final Envelope envelope;
    private final Message message;
    private final Capabilities offered;
    private final boolean protectedWay;
    private final Address sender;
    private final boolean utf8Header;

    /**
     * @param protectedWay whether the way to the server is one for messages with REQUIRETLS
     */
    Wording(Envelope envelope, Message message, Capabilities offered, boolean protectedWay) {
        this.envelope = envelope;
        this.message = message;
        this.offered = offered;
        this.protectedWay = protectedWay;
        this.sender = plain(envelope.sender());
        // a header with octets above 127 that nobody declared was always sent as it is: old mail programs make such
        this.utf8Header = envelope.parameters().containsKey("SMTPUTF8")
                && message.headers().stream().anyMatch(header -> header.field().chars().anyMatch(c -> c > 0x7f));
    }

    /** Why the message cannot go to this recipient through this server. */
    Optional<Reply> obstacle(Recipient recipient) {
        long limit = offered.maxSize().orElse(Long.MAX_VALUE);
        if (message.size() > limit) {
            return Optional.of(Replies.own(552, "5.3.4",
                    "the message has " + message.size() + " octets, the server takes " + limit));
        }
        if (!offered.smtpUtf8() && (needsUtf8() || plain(recipient.address()).isInternational())) {
            String what = utf8Header ? "header" : sender.isInternational() ? "sender" : "recipient";
            return Optional.of(Replies.own(550, "5.6.7",
                    "the " + what + " is not in ASCII, and the server does not offer SMTPUTF8"));
        }
        return Optional.empty();
    }

    Command mail(List<Recipient> recipients) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (offered.size()) {
            parameters.put("SIZE", Long.toString(message.size()));
        }
        if (offered.eightBitMime() && isEightBit()) {
            parameters.put("BODY", "8BITMIME");
        }
        boolean utf8 = needsUtf8()
                || recipients.stream().anyMatch(recipient -> plain(recipient.address()).isInternational());
        if (utf8) {
            parameters.put("SMTPUTF8", "");
        }
        if (envelope.parameters().containsKey("REQUIRETLS") && protectedWay && offered.has("REQUIRETLS")) {
            parameters.put("REQUIRETLS", "");
        }
        passOn(envelope.parameters(), parameters, "RET", "ENVID");
        return Command.mail(sender, parameters);
    }

    Command recipient(Recipient recipient) {
        Map<String, String> parameters = new LinkedHashMap<>();
        passOn(recipient.parameters(), parameters, "NOTIFY", "ORCPT");
        return Command.recipient(plain(recipient.address()), parameters);
    }

    private boolean needsUtf8() {
        return utf8Header || sender.isInternational();
    }

    // RFC 3461 section 5.2.1; what is not ASCII could not be sent to everyone, and these parameters are never vital
    private void passOn(Map<String, String> given, Map<String, String> parameters, String... keywords) {
        for (String keyword : keywords) {
            String value = given.getOrDefault(keyword, "");
            if (offered.dsn() && !value.isEmpty() && value.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '=')) {
                parameters.put(keyword, value);
            }
        }
    }

    // as declared at MAIL, or by the message itself; nobody reads a body of 100 MB to find out
    private boolean isEightBit() {
        return envelope.parameters().getOrDefault("BODY", "").equalsIgnoreCase("8BITMIME")
                || message.headers().stream().anyMatch(Wording::declaresEightBit);
    }

    private static boolean declaresEightBit(Header header) {
        return header.is("Content-Transfer-Encoding") && header.value().toLowerCase(Locale.ROOT).startsWith("8bit");
    }

    // U-labels to A-labels, where then nothing is left that needs SMTPUTF8 (RFC 6531 section 3.2)
    private static Address plain(Address address) {
        if (!address.isInternational()) {
            return address;
        }
        try {
            Address ascii = new Address(address.localPart(), Idna.toAscii(address.domain()));
            return ascii.isInternational() ? address : ascii;
        } catch (IllegalArgumentException e) {
            return address;
        }
    }
}
