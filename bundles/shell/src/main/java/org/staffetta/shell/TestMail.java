package org.staffetta.shell;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.staffetta.api.mail.Address;

/** A small message that any server takes: seven bits, short lines (RFC 5322; MIME where the text needs it). */
final class TestMail {

    private static final int LONGEST_LINE = 998;
    // 36 octets are 48 characters of base64: with =?UTF-8?B??= and "Subject: " the line stays within 76 (RFC 2047 section 2)
    private static final int ENCODED_WORD_OCTETS = 36;

    private TestMail() {}

    /** The whole message, lines ended by CRLF. */
    static byte[] write(Address sender, List<Address> recipients, String subject, String body, Instant now) {
        String from = sender.isNull() ? "postmaster@localhost" : sender.toString();
        String text = String.join("\r\n", body.split("\r\n|\r|\n", -1)) + "\r\n";
        boolean plain = isPlain(text);
        String message = "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atZone(ZoneOffset.UTC)) + "\r\n"
                + "From: <" + from + ">\r\n"
                + recipients.stream().map(r -> "<" + r + ">").collect(Collectors.joining(",\r\n ", "To: ", "\r\n"))
                + "Subject: " + subject(subject) + "\r\n"
                + "Message-ID: <" + UUID.randomUUID() + "@" + from.substring(from.lastIndexOf('@') + 1) + ">\r\n"
                + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
                + "Content-Transfer-Encoding: " + (plain ? "7bit" : "base64") + "\r\n\r\n"
                + (plain
                        ? text
                        : Base64.getMimeEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "\r\n");
        return message.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isPlain(String text) {
        return text.chars().allMatch(c -> c >= 0x20 && c < 0x7f || c == '\r' || c == '\n' || c == '\t')
                && Arrays.stream(text.split("\r\n", -1)).allMatch(line -> line.length() <= LONGEST_LINE);
    }

    private static String subject(String subject) {
        if (subject.length() < LONGEST_LINE / 2 && subject.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            return subject;
        }
        StringBuilder words = new StringBuilder();
        StringBuilder word = new StringBuilder();
        subject.codePoints().forEach(c -> {
            String next = Character.toString(c);
            if (octets(word + next).length > ENCODED_WORD_OCTETS) {
                words.append(encoded(word)).append("\r\n ");
                word.setLength(0);
            }
            word.append(next);
        });
        return words.append(encoded(word)).toString();
    }

    private static String encoded(CharSequence word) {
        return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(octets(word)) + "?=";
    }

    private static byte[] octets(CharSequence text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
