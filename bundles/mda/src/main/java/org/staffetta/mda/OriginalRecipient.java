package org.staffetta.mda;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Recipient;

/** Whom the sender wrote to: the ORCPT parameter (RFC 3461 section 4.2, RFC 6533 section 3) where it is an address, else the recipient itself. */
final class OriginalRecipient {

    private static final Pattern UTF8_ESCAPE = Pattern.compile("\\\\x\\{([0-9A-Fa-f]{2,6})}");

    private OriginalRecipient() {}

    static Address of(Recipient recipient) {
        return named(recipient.parameters().getOrDefault("ORCPT", "")).orElse(recipient.address());
    }

    // a stranger's text: only what is an address gets into a header
    private static Optional<Address> named(String parameter) {
        int semicolon = parameter.indexOf(';');
        String type = parameter.substring(0, Math.max(0, semicolon));
        String text = xtext(parameter.substring(semicolon + 1));
        try {
            if (type.equalsIgnoreCase("rfc822")) {
                return Optional.of(Address.parse(text));
            }
            return type.equalsIgnoreCase("utf-8")
                    ? Optional.of(Address.parse(UTF8_ESCAPE.matcher(text).replaceAll(OriginalRecipient::character)))
                    : Optional.empty();
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }

    private static String character(MatchResult escape) {
        return Matcher.quoteReplacement(Character.toString(Integer.parseInt(escape.group(1), 16)));
    }

    // RFC 3461 section 4
    private static String xtext(String text) {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '+' && i + 2 < in.length && Character.digit(in[i + 1], 16) >= 0
                    && Character.digit(in[i + 2], 16) >= 0) {
                out.write(Character.digit(in[i + 1], 16) * 16 + Character.digit(in[i + 2], 16));
                i += 2;
            } else {
                out.write(in[i]);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
