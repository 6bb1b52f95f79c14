package org.staffetta.api.mail;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A reply of the SMTP dialogue (RFC 5321 section 4.2) with its enhanced status code (RFC 3463): the one form in which an
 * error travels from where it is found to the client, the log and the delivery status notification.
 *
 * @param code 200 to 599
 * @param status the enhanced status code such as {@code 5.1.1}, or empty where none belongs (220, 250 to EHLO, 354)
 * @param text what a person reads; lines are separated by {@code \n}; no other control character
 */
public record Reply(int code, String status, String text) {

    // class "." subject "." detail, up to three digits each, no leading zeroes (RFC 3463 section 2)
    private static final Pattern STATUS = Pattern.compile("[245]\\.(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,2})");

    /**
     * Checks that the reply can stand on the wire.
     *
     * @throws IllegalArgumentException if it cannot
     */
    public Reply {
        Objects.requireNonNull(status);
        Objects.requireNonNull(text);
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("a reply code is 200 to 599, not " + code);
        }
        if (!status.isEmpty() && !isStatus(status, code / 100)) {
            throw new IllegalArgumentException("the enhanced status '" + status + "' does not fit the code " + code);
        }
        if (text.chars().anyMatch(c -> c != '\n' && (c < 0x20 && c != '\t' || c == 0x7f))) {
            throw new IllegalArgumentException("a reply text has no control characters");
        }
    }

    /** Whether the request succeeded or the dialogue goes on (2yz, 3yz). */
    public boolean isPositive() {
        return code < 400;
    }

    /** Whether the same request may succeed later (4yz). */
    public boolean isTransient() {
        return code >= 400 && code < 500;
    }

    /** Whether the same request will not succeed (5yz). */
    public boolean isPermanent() {
        return code >= 500;
    }

    /** The reply in one line, as logs show it: {@code 550 5.1.1 no such user}. */
    @Override
    public String toString() {
        return code + (status.isEmpty() ? "" : " " + status) + (text.isEmpty() ? "" : " " + text.replace('\n', ' '));
    }

    private static boolean isStatus(String status, int codeClass) {
        return STATUS.matcher(status).matches()
                && (status.charAt(0) - '0' == codeClass || codeClass == 3 && status.charAt(0) == '2');
    }
}
