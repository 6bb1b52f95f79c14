package org.staffetta.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.staffetta.smtp.ContentDecoder.Framing;

/** The decoder agrees with one of a few lines that sees the whole content at once, however the octets arrive. */
class ContentDecoderFuzzTest {

    private static final int MAX_LINE = 12;

    /** What came of decoding; content and length only where there is no fault, since then they must not be used. */
    private record Outcome(String content, boolean ended, String fault, int taken, boolean lineTooLong) {}

    @FuzzTest
    void content_with_dots_is_what_the_reference_says(byte[] octets) throws IOException {
        compare(Framing.DOT, octets);
    }

    @FuzzTest
    void content_by_count_is_what_the_reference_says(byte[] octets) throws IOException {
        compare(Framing.COUNT, octets);
    }

    private static void compare(Framing framing, byte[] octets) throws IOException {
        Outcome expected = reference(framing, octets);
        assertThat(decode(framing, octets, at -> octets.length)).as("at once").isEqualTo(expected);
        assertThat(decode(framing, octets, at -> at + 1)).as("octet by octet").isEqualTo(expected);
        for (int split = 1; split < Math.min(octets.length, 64); split++) {
            int first = split;
            assertThat(decode(framing, octets, at -> at < first ? first : octets.length))
                    .as("in %s and the rest", first)
                    .isEqualTo(expected);
        }
        Random random = new Random(Arrays.hashCode(octets));
        assertThat(decode(framing, octets, at -> at + 1 + random.nextInt(MAX_LINE))).as("in pieces")
                .isEqualTo(expected);
    }

    private static Outcome decode(Framing framing, byte[] octets, IntUnaryOperator nextCut) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        ContentDecoder decoder = new ContentDecoder(framing, MAX_LINE, content);
        int at = 0;
        while (at < octets.length && !decoder.ended() && decoder.fault().isEmpty()) {
            at = decoder.decode(octets, at, Math.min(nextCut.applyAsInt(at), octets.length));
        }
        if (framing == Framing.COUNT && decoder.fault().isEmpty()) {
            decoder.finish();
        }
        String fault = decoder.fault().map(Enum::name).orElse("");
        assertThat(decoder.size()).isEqualTo(content.size());
        return fault.isEmpty()
                ? new Outcome(content.toString(StandardCharsets.ISO_8859_1), decoder.ended(), "", at,
                        decoder.lineTooLong())
                : new Outcome("", false, fault, at, false);
    }

    private static Outcome reference(Framing framing, byte[] octets) {
        String wire = new String(octets, StandardCharsets.ISO_8859_1);
        boolean dots = framing == Framing.DOT;
        StringBuilder content = new StringBuilder();
        boolean tooLong = false;
        int at = 0;
        while (true) {
            int end = at;
            while (end < wire.length() && "\r\n\0".indexOf(wire.charAt(end)) < 0) {
                end++;
            }
            String line = wire.substring(at, end);
            String plain = dots && line.startsWith(".") ? line.substring(1) : line;
            boolean cr = end < wire.length() && wire.charAt(end) == '\r';
            if (end < wire.length() && !cr) {
                return new Outcome("", false, wire.charAt(end) == 0 ? "NUL" : "BARE_LF", end + 1, false);
            }
            if (cr && end + 1 < wire.length() && wire.charAt(end + 1) != '\n') {
                return new Outcome("", false, "BARE_CR", end + 2, false);
            }
            if (end + 1 >= wire.length()) {
                return unfinished(dots, content, line, plain, cr, tooLong, wire.length());
            }
            at = end + 2;
            if (dots && line.equals(".")) {
                return new Outcome(content.toString(), true, "", at, tooLong);
            }
            content.append(plain).append("\r\n");
            tooLong |= plain.length() + 2 > MAX_LINE;
        }
    }

    private static Outcome unfinished(boolean dots, StringBuilder content, String line, String plain, boolean cr,
            boolean tooLong, int length) {
        if (!dots && cr) {
            return new Outcome("", false, "BARE_CR", length, false);
        }
        boolean ending = dots && line.equals(".");
        String rest = plain + (cr && !ending ? "\r" : "");
        content.append(rest).append(dots || line.isEmpty() ? "" : "\r\n");
        return new Outcome(content.toString(), !dots, "", length, tooLong || rest.length() > MAX_LINE);
    }
}
