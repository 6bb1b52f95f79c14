package org.staffetta.mailbox.maildir;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a message's file: {@code unique,S=octets,W=octets:2,flags}, of which only the first part must be there.
 *
 * @param text as it stands in the folder
 */
record FileName(String text) {

    private static final int MAX_ID = 70;
    private static final Pattern WIRE_SIZE = Pattern.compile(",W=([0-9]{1,18})(?=[,:]|$)");
    private static final Pattern TIME = Pattern.compile("^([0-9]{1,11})\\.(?:M([0-9]{1,6})(?![0-9]))?");

    static FileName of(String unique, long octetsOnDisk, long octetsOnWire) {
        return new FileName(unique + ",S=" + octetsOnDisk + ",W=" + octetsOnWire);
    }

    /**
     * What stays when another program sets flags, and fits a POP3 unique-id (RFC 1939 section 7): 1 to 70 characters from 0x21 to
     * 0x7E. Strange names get a digest instead.
     */
    String id() {
        String base = base();
        int comma = base.indexOf(',');
        String unique = comma < 0 ? base : base.substring(0, comma);
        boolean fits = !unique.isEmpty() && unique.length() <= MAX_ID
                && unique.chars().allMatch(c -> c >= 0x21 && c <= 0x7e);
        return fits ? unique : MailboxPath.sha256(base);
    }

    /** The octets of the message with CRLF, if the name tells. */
    OptionalLong wireSize() {
        Matcher size = WIRE_SIZE.matcher(text);
        return size.find() ? OptionalLong.of(Long.parseLong(size.group(1))) : OptionalLong.empty();
    }

    /** When the message was delivered, if the name tells. */
    Optional<Instant> delivered() {
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

    // without ":2,flags"
    private String base() {
        int colon = text.indexOf(':');
        return colon < 0 ? text : text.substring(0, colon);
    }
}
