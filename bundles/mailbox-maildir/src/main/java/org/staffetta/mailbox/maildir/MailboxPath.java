package org.staffetta.mailbox.maildir;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an account's mailbox is: two folder names, the domain's and the account's within it.
 *
 * <p>Lower case ASCII letters, digits and {@code . _ + = -} stand for themselves, except a dot or a hyphen in front; every other character is
 * {@code %} and two hexadecimal digits for each of its octets in UTF-8, upper case letters too. Names that no encoding of this kind
 * yields stand for the special cases: {@code %none} for the domain of an account without one, {@code %empty} for an empty part,
 * {@code %long-} and a SHA-256 for what would be longer than {@value #MAX_NAME} characters. So different accounts have different folders, and
 * no folder is called {@code .} or {@code ..} or has a slash in it.
 *
 * <p>What is long is not told by the folders any more: {@link #written} is, and stands in a file in the mailbox.
 *
 * @param domain the upper folder
 * @param name the lower folder
 */
record MailboxPath(String domain, String name) {

    private static final int MAX_NAME = 200;
    private static final String PLAIN_SPECIALS = "._+=-";
    private static final String NO_DOMAIN = "%none";
    private static final String EMPTY = "%empty";
    private static final String LONG = "%long-";
    private static final Pattern PART = Pattern.compile("%([0-9a-f]{2})|%u([0-9a-f]{4})|.", Pattern.DOTALL);

    static MailboxPath of(String account) {
        int at = account.lastIndexOf('@');
        if (at < 0) {
            return new MailboxPath(NO_DOMAIN, encode(account));
        }
        return new MailboxPath(encode(account.substring(at + 1)), encode(account.substring(0, at)));
    }

    /** Whether the folders' names do not tell the account. */
    boolean isLong() {
        return domain.startsWith(LONG) || name.startsWith(LONG);
    }

    /** The account that these folders are for; empty if they are for none, or too long to tell. */
    Optional<String> account() {
        String local = name.equals(EMPTY) ? "" : decode(name);
        String account = domain.equals(NO_DOMAIN) ? local : local + "@" + (domain.equals(EMPTY) ? "" : decode(domain));
        return Optional.of(account).filter(this::isOf);
    }

    /** The account of a long name, read from what {@link #written} gave; empty if that is of another one. */
    Optional<String> account(String written) {
        return Optional.of(decode(written)).filter(this::isOf);
    }

    /** An account's name of any length in ASCII. */
    static String written(String account) {
        StringBuilder written = new StringBuilder(account.length());
        account.codePoints().forEach(c -> append(c, written));
        return written.toString();
    }

    private boolean isOf(String account) {
        return of(account).equals(this);
    }

    @Override
    public String toString() {
        return domain + "/" + name;
    }

    private static String encode(String part) {
        if (part.isEmpty()) {
            return EMPTY;
        }
        String name = written(part);
        return name.length() <= MAX_NAME ? name : LONG + sha256(name);
    }

    // what no account has yields something that encodes otherwise: see isOf
    private static String decode(String name) {
        StringBuilder text = new StringBuilder(name.length());
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        Matcher part = PART.matcher(name);
        while (part.find()) {
            if (part.group(1) != null) {
                octets.write(Integer.parseInt(part.group(1), 16));
                continue;
            }
            text.append(octets.toString(StandardCharsets.UTF_8));
            octets.reset();
            text.append(part.group(2) != null ? (char) Integer.parseInt(part.group(2), 16) : part.group().charAt(0));
        }
        return text.append(octets.toString(StandardCharsets.UTF_8)).toString();
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
