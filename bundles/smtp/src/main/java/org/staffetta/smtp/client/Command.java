package org.staffetta.smtp.client;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.staffetta.api.mail.Address;

/**
 * One command line. Whatever it is made of, it stays one line: that is checked here, at the last place before the wire.
 *
 * @param line without CRLF; no control character
 */
public record Command(String line) {

    /** Ends the commands of a transaction and begins its message. */
    public static final Command DATA = new Command("DATA");
    /** Forgets the transaction. */
    public static final Command RSET = new Command("RSET");
    /** Does nothing. */
    public static final Command NOOP = new Command("NOOP");
    /** Asks to go on encrypted. */
    public static final Command STARTTLS = new Command("STARTTLS");
    /** Ends the session. */
    public static final Command QUIT = new Command("QUIT");

    /**
     * Checks.
     *
     * @throws IllegalArgumentException if the line is empty or has a control character, CR, LF and NUL among them
     */
    public Command {
        if (line.isBlank() || line.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
            throw new IllegalArgumentException("a command is one line without control characters");
        }
    }

    /** Says who we are: {@code EHLO}, {@code HELO} or {@code LHLO}. */
    public static Command hello(String verb, String hostname) {
        if (hostname.isBlank() || hostname.indexOf(' ') >= 0) {
            throw new IllegalArgumentException("not a host name: '" + hostname + "'");
        }
        return new Command(verb + " " + hostname);
    }

    /**
     * Begins a transaction.
     *
     * @param parameters as on the wire; one without a value has the empty string
     * @throws IllegalArgumentException if a parameter would not stay one parameter
     */
    public static Command mail(Address sender, Map<String, String> parameters) {
        return path("MAIL FROM:", sender, parameters);
    }

    /**
     * Names a recipient.
     *
     * @param parameters as on the wire; one without a value has the empty string
     * @throws IllegalArgumentException if a parameter would not stay one parameter
     */
    public static Command recipient(Address recipient, Map<String, String> parameters) {
        return path("RCPT TO:", recipient, parameters);
    }

    /** The first word in upper case. */
    public String verb() {
        int end = line.indexOf(' ');
        return (end < 0 ? line : line.substring(0, end)).toUpperCase(Locale.ROOT);
    }

    private static Command path(String verb, Address address, Map<String, String> parameters) {
        StringBuilder line = new StringBuilder(verb).append('<').append(address).append('>');
        new TreeMap<>(parameters).forEach((keyword, value) -> append(line, keyword, value));
        return new Command(line.toString());
    }

    // esmtp-param of RFC 5321 section 4.1.2, and UTF-8 in its value as of RFC 6531 section 3.3
    private static void append(StringBuilder line, String keyword, String value) {
        boolean good = keyword.matches("[A-Za-z0-9][A-Za-z0-9-]*")
                && value.chars().allMatch(c -> c > 0x20 && c != '=' && c != 0x7f);
        if (!good) {
            throw new IllegalArgumentException("not a parameter of a command: " + keyword);
        }
        line.append(' ').append(keyword);
        if (!value.isEmpty()) {
            line.append('=').append(value);
        }
    }
}
