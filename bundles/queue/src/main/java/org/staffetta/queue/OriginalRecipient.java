package org.staffetta.queue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Recipient;

/**
 * Whom the sender wrote to, where aliases or other servers have changed that: the ORCPT parameter (RFC 3461 section 4.2, with the
 * address type {@code utf-8} of RFC 6533 section 3).
 *
 * @param type of the address: {@code rfc822}, {@code utf-8}, or what else the client named
 * @param address decoded; a stranger's text
 */
record OriginalRecipient(String type, String address) {

    private static final String KEY = "ORCPT";
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9-]{1,40}");
    private static final Pattern UNICODE = Pattern.compile("\\\\x\\{([0-9A-Fa-f]{1,6})\\}");

    static OriginalRecipient of(Address address) {
        return new OriginalRecipient(address.isInternational() ? "utf-8" : "rfc822", address.toString());
    }

    /** Reads the parameter; empty if there is none, or none that makes sense. */
    static Optional<OriginalRecipient> of(Recipient recipient) {
        String value = recipient.parameters().getOrDefault(KEY, "");
        int semicolon = value.indexOf(';');
        if (semicolon < 0 || !TYPE.matcher(value.substring(0, semicolon)).matches()) {
            return Optional.empty();
        }
        String type = value.substring(0, semicolon).toLowerCase(Locale.ROOT);
        String address = xtextDecoded(value.substring(semicolon + 1));
        return Optional.of(new OriginalRecipient(type, type.equals("utf-8") ? unicodeDecoded(address) : address));
    }

    /** Whom the sender wrote to if that is not the recipient itself. */
    static Optional<String> differing(Recipient recipient) {
        return of(recipient).map(OriginalRecipient::address)
                .filter(address -> !address.equals(recipient.address().toString()));
    }

    /** The parameters with ORCPT for the address that the message came in for, unless there is one (RFC 3461 section 5.2.1). */
    static Map<String, String> added(Recipient original) {
        if (original.parameters().containsKey(KEY)) {
            return original.parameters();
        }
        Map<String, String> changed = new HashMap<>(original.parameters());
        changed.put(KEY, of(original.address()).parameter());
        return changed;
    }

    /** {@code type; address} as a field of a delivery status shows it; in ASCII unless {@code utf8} (RFC 6533 section 3). */
    String field(boolean utf8) {
        return type + "; " + Printable.line(address, 500, utf8);
    }

    private String parameter() {
        StringBuilder value = new StringBuilder(type).append(';');
        address.codePoints().forEach(c -> {
            if (c >= 0x80 || c == '\\' && type.equals("utf-8")) {
                value.append("\\x{").append(hex(c)).append('}');
            } else if (c <= 0x20 || c == 0x7f || c == '+' || c == '=') {
                value.append('+').append(c < 0x10 ? "0" : "").append(hex(c)); // xtext, RFC 3461 section 4
            } else {
                value.append((char) c);
            }
        });
        return value.toString();
    }

    /** Decodes xtext (RFC 3461 section 4); what is malformed stays as it is. */
    static String xtextDecoded(String text) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(text.length());
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < raw.length; i++) {
            boolean encoded = raw[i] == '+' && i + 2 < raw.length && Character.digit(raw[i + 1], 16) >= 0
                    && Character.digit(raw[i + 2], 16) >= 0;
            octets.write(encoded ? Character.digit(raw[i + 1], 16) * 16 + Character.digit(raw[i + 2], 16) : raw[i]);
            i += encoded ? 2 : 0;
        }
        return octets.toString(StandardCharsets.UTF_8);
    }

    private static String unicodeDecoded(String text) {
        Matcher matcher = UNICODE.matcher(text);
        return matcher.replaceAll(found -> {
            int c = Integer.parseInt(found.group(1), 16);
            return Matcher.quoteReplacement(Character.isValidCodePoint(c) ? Character.toString(c) : found.group());
        });
    }

    private static String hex(int c) {
        return Integer.toHexString(c).toUpperCase(Locale.ROOT);
    }
}
