package org.staffetta.smtp.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.staffetta.api.mail.Reply;

/** Reads one reply (RFC 5321 section 4.2): strict in its form, tolerant of its text. */
final class ReplyReader {

    static final int MAX_LINES = 100;
    static final int MAX_OCTETS = 65_536;

    private static final int SHOWN = 80;
    // no text is needed, not even a space (RFC 5321 section 4.2)
    private static final Pattern LINE = Pattern.compile("([2-5][0-9][0-9])(?:([ -])(.*))?", Pattern.DOTALL);
    private static final Pattern STATUS = Pattern
            .compile("([245]\\.(?:0|[1-9][0-9]{0,2})\\.(?:0|[1-9][0-9]{0,2}))(?: +|$)");

    private final Octets source;
    private final Transcript transcript;
    private int octets;

    ReplyReader(Octets source, Transcript transcript) {
        this.source = source;
        this.transcript = transcript;
    }

    /** Where the octets come from. */
    @FunctionalInterface
    interface Octets {
        /** The next octet, or -1 at the end. */
        int next() throws IOException;
    }

    Reply read() throws IOException {
        List<String> texts = new ArrayList<>();
        Matcher line = line(readLine());
        String code = line.group(1);
        texts.add(text(line));
        while ("-".equals(line.group(2))) {
            if (texts.size() == MAX_LINES) {
                throw new SmtpProtocolException("the reply has more than " + MAX_LINES + " lines");
            }
            line = line(readLine());
            if (!code.equals(line.group(1))) {
                throw new SmtpProtocolException(
                        "the lines of the reply have different codes: " + code + " and " + line.group(1));
            }
            texts.add(text(line));
        }
        return reply(Integer.parseInt(code), texts);
    }

    private static Matcher line(String line) throws SmtpProtocolException {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new SmtpProtocolException("not a reply: '" + shown(line) + "'");
        }
        return matcher;
    }

    private static String text(Matcher line) {
        String text = line.group(3);
        return text == null ? "" : text;
    }

    // The enhanced status code (RFC 2034 section 4) stands on every line. One that contradicts the code is only text.
    private static Reply reply(int code, List<String> texts) {
        Matcher first = STATUS.matcher(texts.getFirst());
        if (!first.lookingAt() || first.group(1).charAt(0) - '0' != code / 100) {
            return new Reply(code, "", String.join("\n", texts));
        }
        String status = first.group(1);
        List<String> bare = texts.stream().map(text -> withoutStatus(text, status)).toList();
        return new Reply(code, status, String.join("\n", bare));
    }

    private static String withoutStatus(String text, String status) {
        Matcher matcher = STATUS.matcher(text);
        return matcher.lookingAt() && matcher.group(1).equals(status) ? text.substring(matcher.end()) : text;
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        int octet = next(line);
        while (octet != '\r') {
            if (octet == '\n') {
                throw new SmtpProtocolException("a line of the reply ends in a bare LF: '" + shown(decode(line)) + "'");
            }
            line.write(octet);
            octet = next(line);
        }
        if (next(line) != '\n') {
            throw new SmtpProtocolException("a bare CR in the reply: '" + shown(decode(line)) + "'");
        }
        String text = decode(line);
        transcript.received(text);
        return text;
    }

    private int next(ByteArrayOutputStream line) throws IOException {
        int octet = source.next();
        if (octet < 0) {
            throw new EOFException(
                    line.size() == 0 ? "the connection was closed" : "the connection was closed within a reply");
        }
        if (++octets > MAX_OCTETS) {
            throw new SmtpProtocolException("the reply is longer than " + MAX_OCTETS + " octets");
        }
        return octet;
    }

    // UTF-8 is allowed (RFC 6531 section 3.7.4.2); what is no text is shown as what it is
    private static String decode(ByteArrayOutputStream line) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line.toByteArray())).toString();
        } catch (CharacterCodingException notUtf8) {
            text = line.toString(StandardCharsets.ISO_8859_1);
            return escaped(text, 0x7f);
        }
        return escaped(text, 0x100);
    }

    private static String escaped(String text, int limit) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean escape = c < 0x20 && c != '\t' || c >= limit && c < 0x100 || c >= 0x7f && c < 0xa0;
            plain.append(escape ? String.format(java.util.Locale.ROOT, "\\x%02x", (int) c) : String.valueOf(c));
        }
        return plain.toString();
    }

    private static String shown(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }
}
