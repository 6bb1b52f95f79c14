package org.staffetta.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Lines are what stands between CRLFs and nothing else, however the octets arrive. */
class WireInputFuzzTest {

    private static final int LIMIT = 40;

    @FuzzTest
    void lines_are_what_stands_between_line_ends(byte[] octets) throws IOException {
        List<Line> expected = reference(octets);
        Random random = new Random(Arrays.hashCode(octets));
        assertThat(lines(octets, octets.length + 1, random)).isEqualTo(expected);
        assertThat(lines(octets, 1, random)).isEqualTo(expected);
        assertThat(lines(octets, LIMIT, random)).isEqualTo(expected);
    }

    private static List<Line> lines(byte[] octets, int most, Random random) throws IOException {
        ByteArrayInputStream source = new ByteArrayInputStream(octets) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, 1 + random.nextInt(most)));
            }
        };
        WireInput input = new WireInput(source, () -> {});
        List<Line> lines = new ArrayList<>();
        do {
            lines.add(input.line(LIMIT));
        } while (!(lines.getLast() instanceof Line.Broken || lines.getLast() instanceof Line.End));
        return lines;
    }

    private static List<Line> reference(byte[] octets) {
        String wire = new String(octets, StandardCharsets.ISO_8859_1);
        List<Line> lines = new ArrayList<>();
        int at = 0;
        while (true) {
            int end = at;
            while (end < wire.length() && "\r\n\0".indexOf(wire.charAt(end)) < 0) {
                end++;
            }
            String rest = wire.substring(end);
            if (rest.isEmpty() || rest.equals("\r")) {
                lines.add(new Line.End());
                return lines;
            }
            if (!rest.startsWith("\r\n")) {
                lines.add(new Line.Broken(switch (rest.charAt(0)) {
                    case '\r' -> Fault.BARE_CR;
                    case '\n' -> Fault.BARE_LF;
                    default -> Fault.NUL;
                }));
                return lines;
            }
            lines.add(end - at + 2 > LIMIT ? new Line.TooLong() : text(octets, at, end));
            at = end + 2;
        }
    }

    private static Line text(byte[] octets, int from, int to) {
        try {
            return new Line.Text(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets, from, to - from))
                    .toString());
        } catch (CharacterCodingException notUtf8) {
            return new Line.Malformed();
        }
    }
}
