package org.staffetta.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireInputTest {

    private static final int LIMIT = 30;

    @Test
    void linesEndInCrLf() throws IOException {
        assertThat(lines("EHLO a\r\n\r\nNOOP\r\n", 100)).containsExactly(new Line.Text("EHLO a"), new Line.Text(""),
                new Line.Text("NOOP"), new Line.End());
    }

    @Test
    void aLineThatDoesNotEndIsNone() throws IOException {
        assertThat(lines("NOOP\r\nQUI", 100)).containsExactly(new Line.Text("NOOP"), new Line.End());
        assertThat(lines("NOOP\r\nQUIT\r", 100)).containsExactly(new Line.Text("NOOP"), new Line.End());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb\r\n", "a\rb\r\n", "a\0b\r\n", "a\r\r\n", "\n", "\rx"})
    void aFaultEndsAll(String wire) throws IOException {
        assertThat(lines("NOOP\r\n" + wire + "MAIL\r\n", 100)).hasSize(2).last().isInstanceOf(Line.Broken.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {28, 29, 30, 1000, 5000})
    void aLineMayHaveSoManyOctetsWithItsEnd(int length) throws IOException {
        String text = "x".repeat(length);
        assertThat(lines(text + "\r\nNOOP\r\n", LIMIT)).containsExactly(
                length + 2 <= LIMIT ? new Line.Text(text) : new Line.TooLong(), new Line.Text("NOOP"), new Line.End());
    }

    @Test
    void aFaultBehindTooMuchIsStillAFault() throws IOException {
        assertThat(lines("x".repeat(5000) + "\nMAIL\r\n", LIMIT)).containsExactly(new Line.Broken(Fault.BARE_LF));
    }

    @Test
    void textIsUtf8() throws IOException {
        assertThat(lines("gr\u00c3\u00bc\u00c3\u009fe\r\n\u00fc\r\nNOOP\r\n", 100)).containsExactly(
                new Line.Text("grüße"),
                new Line.Malformed(), new Line.Text("NOOP"), new Line.End());
    }

    @Property(tries = 3000)
    void theCutsOfTheNetworkMakeNoDifference(@ForAll("wires") String wire, @ForAll("cuts") List<Integer> cuts)
            throws IOException {
        assertThat(read(new WireInput(new Pieces(wire, cuts), () -> {}), LIMIT)).isEqualTo(lines(wire, LIMIT));
    }

    @Property(tries = 3000)
    void noMoreLinesThanCrLfs(@ForAll("wires") String wire) throws IOException {
        int ends = wire.length() - wire.replace("\r\n", "\n").length();
        assertThat(lines(wire, LIMIT).stream().filter(line -> line instanceof Line.Text).count())
                .isLessThanOrEqualTo(ends);
    }

    @Test
    void answersAreSentBeforeWaiting() throws IOException {
        List<String> order = new ArrayList<>();
        InputStream source = new Pieces("NOOP\r\nNOOP\r\nQUIT\r\n", List.of(12, 100)) {
            @Override
            public int read(byte[] octets, int offset, int length) throws IOException {
                order.add("read");
                return super.read(octets, offset, length);
            }
        };
        WireInput wire = new WireInput(source, () -> order.add("flush"));
        wire.line(100);
        wire.line(100);
        assertThat(order).as("two commands in one segment").containsExactly("flush", "read");
        wire.line(100);
        assertThat(order).containsExactly("flush", "read", "flush", "read");
    }

    @Test
    void contentAndLinesShareTheStream() throws IOException {
        WireInput wire = new WireInput(source("DATA\r\na\r\n.\r\nBDAT 3\r\nabcQUIT\r\n"), () -> {});
        ByteArrayOutputStream sink = new ByteArrayOutputStream();
        ContentDecoder data = new ContentDecoder(ContentDecoder.Framing.DOT, 100, sink);
        ContentDecoder chunk = new ContentDecoder(ContentDecoder.Framing.COUNT, 100, sink);

        assertThat(wire.line(100)).isEqualTo(new Line.Text("DATA"));
        assertThat(wire.pending()).isTrue();
        assertThat(wire.feed(data, Long.MAX_VALUE)).isEqualTo(6);
        assertThat(data.ended()).isTrue();
        assertThat(wire.line(100)).isEqualTo(new Line.Text("BDAT 3"));
        assertThat(wire.feed(chunk, 2)).isEqualTo(2);
        assertThat(wire.skip(1)).isEqualTo(1);
        assertThat(wire.peek()).isEqualTo('Q');
        assertThat(wire.line(100)).isEqualTo(new Line.Text("QUIT"));
        assertThat(wire.pending()).isFalse();
        assertThat(wire.peek()).isEqualTo(-1);
        assertThat(wire.feed(chunk, 1)).isEqualTo(-1);
        assertThat(wire.skip(1)).isEqualTo(-1);
        assertThat(sink.toString(StandardCharsets.US_ASCII)).isEqualTo("a\r\nab");
    }

    @Provide
    Arbitrary<String> wires() {
        Arbitrary<String> good = Arbitraries.of("NOOP\r\n", "\r\n", "MAIL FROM:<a@example.org>\r\n",
                "x".repeat(40) + "\r\n",
                "\u00fc\r\n");
        Arbitrary<String> bad = Arbitraries.strings().withChars('\r', '\n', 'a', '\0').ofMaxLength(5);
        return Arbitraries.oneOf(good, good, good, bad).list().ofMaxSize(8).map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<List<Integer>> cuts() {
        return Arbitraries.integers().between(1, 15).list().ofMinSize(1).ofMaxSize(5);
    }

    private static List<Line> lines(String wire, int limit) throws IOException {
        return read(new WireInput(source(wire), () -> {}), limit);
    }

    private static List<Line> read(WireInput wire, int limit) throws IOException {
        List<Line> lines = new ArrayList<>();
        do {
            lines.add(wire.line(limit));
        } while (!(lines.getLast() instanceof Line.End) && !(lines.getLast() instanceof Line.Broken));
        return lines;
    }

    private static InputStream source(String wire) {
        return new ByteArrayInputStream(wire.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Gives no more at a time than a segment has. */
    private static class Pieces extends InputStream {

        private final InputStream source;
        private final List<Integer> cuts;
        private int piece;

        Pieces(String wire, List<Integer> cuts) {
            this.source = source(wire);
            this.cuts = cuts;
        }

        @Override
        public int read() throws IOException {
            throw new AssertionError("octet by octet");
        }

        @Override
        public int read(byte[] octets, int offset, int length) throws IOException {
            return source.read(octets, offset, Math.min(length, cuts.get(piece++ % cuts.size())));
        }
    }
}
