package org.staffetta.api.mail;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;

/**
 * A mailbox as the envelope names it (RFC 5321 section 4.1.2, with UTF-8 as of RFC 6531).
 *
 * <p>The domain is kept in lower case, the local part as it was given, without the quotes that it may need on the wire:
 * {@link #toString()} puts them back. Equality is that of the two parts; whether two local parts that differ in case mean
 * the same mailbox is for the directory to say (RFC 5321 section 2.4).
 *
 * @param localPart 1 to 64 octets of UTF-8 without control characters; empty only in {@link #NULL}
 * @param domain a domain name in lower case without a final dot, or an address literal in brackets; empty only in {@link #NULL}
 */
public record Address(String localPart, String domain) {

    /** The null reverse-path {@code <>} (RFC 5321 section 4.5.5). */
    public static final Address NULL = new Address("", "");

    private static final int MAX_LOCAL_PART_OCTETS = 64;
    private static final int MAX_DOMAIN_OCTETS = 255;
    private static final String ATOM_SPECIALS = "!#$%&'*+-/=?^_`{|}~";

    /**
     * Checks and normalises the parts.
     *
     * @throws IllegalArgumentException if the parts cannot stand in an envelope; its message is one line fit for a reply
     */
    public Address {
        Objects.requireNonNull(localPart);
        Objects.requireNonNull(domain);
        domain = domain.toLowerCase(Locale.ROOT);
        if (!localPart.isEmpty() || !domain.isEmpty()) {
            requireLocalPart(localPart);
            requireDomain(domain);
        }
    }

    /**
     * Reads {@code local@domain}, the local part quoted or not, without angle brackets.
     *
     * @throws IllegalArgumentException if the text is not an address; its message is one line fit for a reply
     */
    public static Address parse(String text) {
        int at = text.lastIndexOf('@');
        if (at < 0) {
            throw new IllegalArgumentException("an address needs a domain");
        }
        String local = text.substring(0, at);
        Address address = new Address(local.startsWith("\"") ? unquote(local) : requireDotString(local),
                text.substring(at + 1));
        if (address.isNull()) {
            // empty quotes and no domain
            throw new IllegalArgumentException("an address needs a local part");
        }
        return address;
    }

    /** Whether this is the null reverse-path. */
    public boolean isNull() {
        return localPart.isEmpty();
    }

    /** Whether the address needs SMTPUTF8 on its way (RFC 6531 section 3.2). */
    public boolean isInternational() {
        return !isAscii(localPart) || !isAscii(domain);
    }

    /** The form on the wire without angle brackets: the local part quoted where it must be; empty for {@link #NULL}. */
    @Override
    public String toString() {
        return isNull() ? "" : (isDotString(localPart) ? localPart : quote(localPart)) + "@" + domain;
    }

    private static void requireLocalPart(String local) {
        if (local.isEmpty()) {
            throw new IllegalArgumentException("an address needs a local part");
        }
        if (octets(local) > MAX_LOCAL_PART_OCTETS) {
            throw new IllegalArgumentException("the local part is longer than " + MAX_LOCAL_PART_OCTETS + " octets");
        }
        if (local.codePoints().anyMatch(Address::isForbidden)) {
            throw new IllegalArgumentException("the local part has a control character");
        }
    }

    private static void requireDomain(String domain) {
        if (domain.isEmpty() || octets(domain) > MAX_DOMAIN_OCTETS) {
            throw new IllegalArgumentException("the domain must have 1 to " + MAX_DOMAIN_OCTETS + " octets");
        }
        boolean good = domain.startsWith("[") ? isLiteral(domain) : isDomainName(domain);
        if (!good) {
            throw new IllegalArgumentException("the domain is not a domain name");
        }
    }

    private static boolean isLiteral(String domain) {
        return domain.length() > 2 && domain.endsWith("]")
                && domain.substring(1, domain.length() - 1).chars()
                        .allMatch(c -> isLetterOrDigit(c) || ".:-".indexOf(c) >= 0);
    }

    private static boolean isDomainName(String domain) {
        int labelStart = 0;
        for (int i = 0; i <= domain.length(); i++) {
            if (i == domain.length() || domain.charAt(i) == '.') {
                if (!isLabel(domain, labelStart, i)) {
                    return false;
                }
                labelStart = i + 1;
            }
        }
        return true;
    }

    private static boolean isLabel(String domain, int from, int to) {
        return to > from && to - from <= 63 && domain.charAt(from) != '-' && domain.charAt(to - 1) != '-'
                && domain.substring(from, to).codePoints().allMatch(Address::isLabelCharacter);
    }

    // The underscore is no host name (RFC 952), but mail domains with one are seen and hurt nobody.
    private static boolean isLabelCharacter(int c) {
        return isLetterOrDigit(c) || c == '-' || c == '_' || c >= 0x80 && Character.isDefined(c) && !isForbidden(c)
                && !Character.isSpaceChar(c) && Character.getType(c) != Character.FORMAT;
    }

    private static boolean isForbidden(int c) {
        return c < 0x20 || c >= 0x7f && c < 0xa0 || c >= 0xd800 && c <= 0xdfff || c == 0x2028 || c == 0x2029;
    }

    private static boolean isLetterOrDigit(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String requireDotString(String local) {
        if (!isDotString(local)) {
            throw new IllegalArgumentException("the local part has a character that must be quoted");
        }
        return local;
    }

    private static boolean isDotString(String local) {
        return !local.isEmpty() && !local.startsWith(".") && !local.endsWith(".") && !local.contains("..")
                && local.chars()
                        .allMatch(c -> isLetterOrDigit(c) || c == '.' || c >= 0x80 || ATOM_SPECIALS.indexOf(c) >= 0);
    }

    private static String quote(String local) {
        return '"' + local.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String unquote(String quoted) {
        StringBuilder plain = new StringBuilder(quoted.length());
        int i = 1;
        while (i < quoted.length() - 1) {
            char c = quoted.charAt(i++);
            if (c == '"' || c == '\\' && i == quoted.length() - 1) {
                throw new IllegalArgumentException("the quoted local part ends too early");
            }
            plain.append(c == '\\' ? quoted.charAt(i++) : c);
        }
        if (i != quoted.length() - 1 || quoted.charAt(i) != '"') {
            throw new IllegalArgumentException("the quoted local part does not end");
        }
        return plain.toString();
    }
}
