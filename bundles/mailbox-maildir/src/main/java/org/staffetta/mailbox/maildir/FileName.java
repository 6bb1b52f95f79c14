package org.staffetta.mailbox.maildir;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a message's file: {@code unique,S=octets,W=octets,D=microseconds,K=keywords:2,flags}, of which only the first part must be there.
 *
 * @param text as it stands in the folder
 */
record FileName(String text) {

    private static final int MAX_ID = 70;
    private static final int MAX_KEYWORDS = 100;
    private static final Pattern WIRE_SIZE = Pattern.compile(",W=([0-9]{1,18})(?=[,:]|$)");
    private static final Pattern ADOPTED = Pattern.compile(",D=(-?[0-9]{1,18})(?=[,:]|$)");
    private static final Pattern KEYWORDS = Pattern.compile(",K=([^,:]+)");
    private static final Pattern TIME = Pattern.compile("^([0-9]{1,11})\\.(?:M([0-9]{1,6})(?![0-9]))?");
    // no slash, colon or comma, and no dot in front: see Stored.id()
    private static final Pattern ID = Pattern.compile("(?!\\.)[!-~&&[^/:,]]{1," + MAX_ID + "}");

    static FileName of(String unique, long octetsOnDisk, long octetsOnWire) {
        return new FileName(unique + ",S=" + octetsOnDisk + ",W=" + octetsOnWire);
    }

    /**
     * The name of a message that comes from another store, whose id may tell nothing of the time.
     *
     * @param id see {@link #requireId}
     */
    static FileName adopted(String id, long octetsOnDisk, long octetsOnWire, Instant delivered) {
        return new FileName(
                of(id, octetsOnDisk, octetsOnWire).text + ",D=" + ChronoUnit.MICROS.between(Instant.EPOCH, delivered));
    }

    /**
     * Checks the id of a message of another store.
     *
     * @throws IOException if it is none that a store may give
     */
    static void requireId(String id) throws IOException {
        if (!ID.matcher(id).matches()) {
            throw new IOException("not an id of a message: " + id);
        }
    }

    /**
     * What stays when another program sets flags, and fits a POP3 unique-id (RFC 1939 section 7): 1 to 70 characters from 0x21 to
     * 0x7E. Strange names get a digest instead.
     */
    String id() {
        String base = base();
        int comma = base.indexOf(',');
        String unique = comma < 0 ? base : base.substring(0, comma);
        return ID.matcher(unique).matches() ? unique : MailboxPath.sha256(KEYWORDS.matcher(base).replaceAll(""));
    }

    /** The octets of the message with CRLF, if the name tells. */
    OptionalLong wireSize() {
        Matcher size = WIRE_SIZE.matcher(text);
        return size.find() ? OptionalLong.of(Long.parseLong(size.group(1))) : OptionalLong.empty();
    }

    /** When the message was delivered, if the name tells. */
    Optional<Instant> delivered() {
        Matcher adopted = ADOPTED.matcher(text);
        if (adopted.find()) {
            return Optional.of(Instant.EPOCH.plus(Long.parseLong(adopted.group(1)), ChronoUnit.MICROS));
        }
        Matcher time = TIME.matcher(text);
        if (!time.find()) {
            return Optional.empty();
        }
        long micros = time.group(2) == null ? 0 : Long.parseLong(time.group(2));
        try {
            return Optional.of(Instant.ofEpochSecond(Long.parseLong(time.group(1)), micros * 1000));
        } catch (DateTimeException tooFar) {
            return Optional.empty();
        }
    }

    /** What was noted about the message. */
    Set<String> flags() {
        int info = text.indexOf(":2,");
        Set<String> flags = new TreeSet<>(Flags.of(info < 0 ? "" : text.substring(info + 3)));
        Matcher keywords = KEYWORDS.matcher(base());
        if (keywords.find()) {
            Arrays.stream(keywords.group(1).split("\\+")).map(FileName::decoded).forEach(flags::add);
        }
        return flags;
    }

    /** The same message with these flags; keywords beyond {@value #MAX_KEYWORDS} characters are left out, for a name has an end. */
    FileName with(Set<String> flags) {
        StringBuilder keywords = new StringBuilder();
        for (String keyword : Flags.keywords(flags)) {
            String encoded = (keywords.isEmpty() ? "" : "+") + encoded(keyword);
            keywords.append(keywords.length() + encoded.length() <= MAX_KEYWORDS ? encoded : "");
        }
        String plain = KEYWORDS.matcher(base()).replaceAll("");
        String letters = Flags.letters(flags);
        return new FileName(plain + (keywords.isEmpty() ? "" : ",K=" + keywords)
                + (letters.isEmpty() ? "" : ":2," + letters));
    }

    /** The name as it must be in cur, where each has flags, be it none. */
    FileName inCur() {
        return text.indexOf(':') < 0 ? new FileName(text + ":2,") : this;
    }

    // a plus sign stands between keywords, so it is no space
    private static String encoded(String keyword) {
        return URLEncoder.encode(keyword, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String decoded(String keyword) {
        try {
            return URLDecoder.decode(keyword, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notOurs) {
            return keyword;
        }
    }

    // without ":2,flags"
    private String base() {
        int colon = text.indexOf(':');
        return colon < 0 ? text : text.substring(0, colon);
    }
}
