package org.staffetta.mailbox.maildir;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Where an account's mailbox is: two folder names, the domain's and the account's within it.
 *
 * <p>Lower case ASCII letters, digits and {@code . _ + = -} stand for themselves, except a dot or a hyphen in front; every other character is
 * {@code %} and two hexadecimal digits for each of its octets in UTF-8, upper case letters too. Names that no encoding of this kind
 * yields stand for the special cases: {@code %none} for the domain of an account without one, {@code %empty} for an empty part,
 * {@code %long-} and a SHA-256 for what would be longer than {@value #MAX_NAME} characters. So different accounts have different folders, and
 * no folder is called {@code .} or {@code ..} or has a slash in it.
 *
 * @param domain the upper folder
 * @param name the lower folder
 */
record MailboxPath(String domain, String name) {

    private static final int MAX_NAME = 200;
    private static final String PLAIN_SPECIALS = "._+=-";

    static MailboxPath of(String account) {
        int at = account.lastIndexOf('@');
        if (at < 0) {
            return new MailboxPath("%none", encode(account));
        }
        return new MailboxPath(encode(account.substring(at + 1)), encode(account.substring(0, at)));
    }

    @Override
    public String toString() {
        return domain + "/" + name;
    }

    private static String encode(String part) {
        if (part.isEmpty()) {
            return "%empty";
        }
        StringBuilder name = new StringBuilder(part.length());
        part.codePoints().forEach(c -> append(c, name));
        return name.length() <= MAX_NAME ? name.toString() : "%long-" + sha256(name.toString());
    }

    private static void append(int c, StringBuilder name) {
        if (isPlain(c, name.isEmpty())) {
            name.append((char) c);
        } else if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
            // half of a pair has no UTF-8: a fourth form that the others never take
            name.append("%u").append(Integer.toHexString(c));
        } else {
            for (byte octet : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                name.append('%').append(HexFormat.of().toHexDigits(octet));
            }
        }
    }

    private static boolean isPlain(int c, boolean first) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
                || PLAIN_SPECIALS.indexOf(c) >= 0 && !(first && (c == '.' || c == '-'));
    }

    static String sha256(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java has SHA-256", absent);
        }
    }
}
