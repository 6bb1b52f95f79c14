package org.staffetta.domainkey;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import org.staffetta.api.mail.Header;

/** Messages as they might come: odd, but with lines that end in CRLF. The same seed gives the same message. */
public final class RandomMessage {

    private static final List<String> NAMES = List.of("Subject", "To", "Cc", "Date", "Message-ID", "Received",
            "X-Odd", "Reply-To", "MIME-Version", "Content-Type", "List-Id", "Comments");
    private static final String VISIBLE = "abcXYZ0189.,;:=+-_@<>()[]\"\\/%?!*&{}|~^'`#$";

    private final Random random;

    /** Begins a sequence. */
    public RandomMessage(long seed) {
        this.random = new Random(seed);
    }

    /** The next message: one From, some fields, a body. */
    public TestMessage next() {
        List<Header> headers = new ArrayList<>();
        headers.add(new Header(name("From") + ":" + fold("Alice <alice@example.org>".split(" "))));
        int count = random.nextInt(12);
        for (int i = 0; i < count; i++) {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            headers.add(random.nextInt(headers.size() + 1), new Header(name(name) + ":" + fold(words())));
        }
        return new TestMessage(headers, body());
    }

    /** The same message as white space and the case of names may be changed where all is relaxed. */
    public TestMessage reshaped(TestMessage message) {
        List<Header> headers = message.headers().stream().map(this::reshaped).toList();
        // not at the end of a body that does not end a line: on the wire there is no such thing, and opinions differ
        String body = Arrays.stream(message.body().split("(?<=\r\n)"))
                .map(line -> respaced(line.replaceFirst("\r\n$", random.nextInt(4) == 0 ? " \r\n" : "\r\n")))
                .collect(Collectors.joining());
        return new TestMessage(headers, body + (body.endsWith("\r\n") ? "\r\n".repeat(random.nextInt(3)) : ""));
    }

    private Header reshaped(Header header) {
        String field = header.field();
        int colon = field.indexOf(':');
        String value = field.substring(colon + 1).replace("\r\n", "").strip();
        String[] words = value.isEmpty() ? new String[0] : value.split("[ \t]+");
        return new Header(name(field.substring(0, colon)) + ":" + fold(words));
    }

    private String respaced(String line) {
        StringBuilder changed = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean blank = c == ' ' || c == '\t';
            changed.append(blank ? (random.nextBoolean() ? blank() : String.valueOf(c)) : String.valueOf(c));
        }
        return changed.toString();
    }

    private String name(String name) {
        return switch (random.nextInt(4)) {
            case 0 -> name.toLowerCase(Locale.ROOT);
            case 1 -> name.toUpperCase(Locale.ROOT);
            default -> name;
        };
    }

    private String[] words() {
        String[] words = new String[random.nextInt(6)];
        for (int i = 0; i < words.length; i++) {
            words[i] = word(1 + random.nextInt(20));
        }
        return words;
    }

    // words with white space in between, and perhaps around
    private String fold(String... words) {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? " " : "");
        for (int i = 0; i < words.length; i++) {
            text.append(words[i]);
            if (i + 1 < words.length) {
                text.append(random.nextInt(3) == 0 ? "\r\n" + blank() : blank());
            }
        }
        return text.append(random.nextInt(5) == 0 && words.length > 0 ? blank() : "").toString();
    }

    private String body() {
        StringBuilder body = new StringBuilder();
        int lines = random.nextInt(20);
        for (int i = 0; i < lines; i++) {
            body.append(line()).append("\r\n");
        }
        body.append("\r\n".repeat(random.nextInt(3)));
        return random.nextInt(6) == 0 ? body + "no line end" : body.toString();
    }

    private String line() {
        return switch (random.nextInt(8)) {
            case 0 -> "";
            case 1 -> blank();
            case 2 -> ".";
            case 3 -> word(1 + random.nextInt(900));
            case 4 -> word(5) + blank() + word(3) + blank();
            case 5 -> blank() + word(8);
            default -> String.join(" ", words());
        };
    }

    private String blank() {
        return switch (random.nextInt(5)) {
            case 0 -> "\t";
            case 1 -> "  ";
            case 2 -> " \t ";
            default -> " ";
        };
    }

    private String word(int length) {
        StringBuilder word = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            boolean high = random.nextInt(30) == 0;
            word.append(high ? (char) (0xa1 + random.nextInt(0x5e)) : VISIBLE.charAt(random.nextInt(VISIBLE.length())));
        }
        return word.toString();
    }
}
