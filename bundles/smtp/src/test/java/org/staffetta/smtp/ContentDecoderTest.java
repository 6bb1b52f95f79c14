package org.staffetta.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.staffetta.smtp.ContentDecoder.Framing;

class ContentDecoderTest {

    /** What came of decoding. */
    private record Result(String content, boolean ended, String fault, int taken, boolean lineTooLong) {}

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(textBlock = """
            .\\r\\n,                      ''
            a\\r\\n.\\r\\n,               a\\r\\n
            ..\\r\\n.\\r\\n,              .\\r\\n
            .a\\r\\n.\\r\\n,              a\\r\\n
            a.\\r\\n.\\r\\n,              a.\\r\\n
            a\\r\\n...\\r\\n.\\r\\n,      a\\r\\n..\\r\\n
            \\r\\n\\r\\n.\\r\\n,          \\r\\n\\r\\n
            """)
    void dotsAreUnstuffed(String wire, String content) throws IOException {
        Result result = decode(Framing.DOT, unescape(wire), 100);
        assertThat(result.ended()).isTrue();
        assertThat(result.content()).isEqualTo(unescape(content));
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(textBlock = """
            a\\n,                BARE_LF
            a\\ra,               BARE_CR
            a\\r\\r\\n,          BARE_CR
            \\n,                 BARE_LF
            a\\r\\n.\\n,         BARE_LF
            a\\r\\n.\\r.,        BARE_CR
            a\\r\\n.\\r\\r\\n,   BARE_CR
            a\\0b,               NUL
            \\0,                 NUL
            a\\r\\n.\\0,         NUL
            a\\r\\n\\0.\\r\\n,   NUL
            """)
    void whatIsNoLineEndIsAFault(String wire, String fault) throws IOException {
        Result result = decode(Framing.DOT, unescape(wire), 100);
        assertThat(result.fault()).isEqualTo(fault);
        assertThat(result.ended()).isFalse();
    }

    @Test
    void nothingBehindTheEndIsTaken() throws IOException {
        assertThat(decode(Framing.DOT, "a\r\n.\r\nQUIT\r\n", 100)).isEqualTo(new Result("a\r\n", true, "", 6, false));
    }

    @Test
    void inChunksADotIsADot() throws IOException {
        assertThat(decode(Framing.COUNT, "a\r\n.\r\n..\r\n", 100).content()).isEqualTo("a\r\n.\r\n..\r\n");
    }

    @Test
    void theLastLineOfChunksGetsItsLineEnd() throws IOException {
        assertThat(finished("a\r\nb")).isEqualTo("a\r\nb\r\n");
        assertThat(finished("a\r\n")).isEqualTo("a\r\n");
        assertThat(finished("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"98,false", "99,true", "500,true"})
    void aLineThatIsTooLongIsNoted(int length, boolean tooLong) throws IOException {
        String text = "x\r\n" + "y".repeat(length) + "\r\nz\r\n.\r\n";
        assertThat(decode(Framing.DOT, text, 100).lineTooLong()).isEqualTo(tooLong);
        assertThat(decodeInPieces(Framing.DOT, text, List.of(1), 100).lineTooLong()).isEqualTo(tooLong);
    }

    @Property(tries = 3000)
    void theCutsOfTheNetworkMakeNoDifference(@ForAll("wires") String wire, @ForAll("cuts") List<Integer> cuts,
            @ForAll Framing framing) throws IOException {
        assertThat(decodeInPieces(framing, wire, cuts, 20)).isEqualTo(decode(framing, wire, 20));
    }

    @Property(tries = 5000)
    void itDoesWhatTheReferenceDoes(@ForAll("wires") String wire, @ForAll Framing framing) throws IOException {
        Result result = decode(framing, wire, 1000);
        Result reference = reference(framing, wire);
        assertThat(result.fault()).isEqualTo(reference.fault());
        assertThat(result.ended()).isEqualTo(reference.ended());
        if (reference.ended()) {
            assertThat(result).isEqualTo(reference);
        }
    }

    @Property(tries = 2000)
    void whatIsStuffedComesOutAsItWas(@ForAll("contents") String content) throws IOException {
        String stuffed = ("\r\n" + content).replace("\r\n.", "\r\n..").substring(2);
        assertThat(decode(Framing.DOT, stuffed + ".\r\n", 1000).content()).isEqualTo(content);
    }

    @Provide
    Arbitrary<String> wires() {
        return Arbitraries.strings().withChars('\r', '\n', '.', 'a', '\0', '\u00ff').ofMaxLength(12)
                .flatMap(text -> Arbitraries.of(text, "a\r\n" + text, text + "\r\n.\r\n", "a\r\n.\r\n" + text));
    }

    @Provide
    Arbitrary<String> contents() {
        return Arbitraries.of(".", "..", "a", ".a", "", "\u00e9.").list().ofMaxSize(8)
                .map(lines -> lines.isEmpty() ? "" : String.join("\r\n", lines) + "\r\n");
    }

    @Provide
    Arbitrary<List<Integer>> cuts() {
        return Arbitraries.integers().between(1, 4).list().ofMinSize(1).ofMaxSize(5);
    }

    /** The same as a plain reading of RFC 5321 sections 2.3.8 and 4.5.2: look at the text as a whole, with regular means. */
    private static Result reference(Framing framing, String wire) {
        int end = wire.length();
        boolean ended = false;
        if (framing == Framing.DOT) {
            // the line end before the first line is that of DATA itself
            int dot = ("\r\n" + wire).indexOf("\r\n.\r\n");
            ended = dot >= 0;
            end = ended ? dot : end;
        }
        String content = wire.substring(0, end);
        int taken = ended ? end + 3 : wire.length();
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            boolean crBefore = i > 0 && content.charAt(i - 1) == '\r';
            if (c == 0 && !crBefore) {
                return new Result("", false, "NUL", i, false);
            }
            if (crBefore && c != '\n') {
                return new Result("", false, "BARE_CR", i, false);
            }
            if (c == '\n' && !crBefore) {
                return new Result("", false, "BARE_LF", i, false);
            }
        }
        String plain = framing == Framing.COUNT ? content : ("\r\n" + content).replace("\r\n.", "\r\n").substring(2);
        return new Result(plain, ended, "", taken, false);
    }

    private static String finished(String wire) throws IOException {
        ByteArrayOutputStream sink = new ByteArrayOutputStream();
        ContentDecoder decoder = new ContentDecoder(Framing.COUNT, 100, sink);
        byte[] octets = wire.getBytes(StandardCharsets.ISO_8859_1);
        decoder.decode(octets, 0, octets.length);
        decoder.finish();
        assertThat(decoder.ended()).isTrue();
        return sink.toString(StandardCharsets.ISO_8859_1);
    }

    private static Result decode(Framing framing, String wire, int maxLine) throws IOException {
        return decodeInPieces(framing, wire, List.of(Math.max(1, wire.length())), maxLine);
    }

    private static Result decodeInPieces(Framing framing, String wire, List<Integer> cuts, int maxLine)
            throws IOException {
        ByteArrayOutputStream sink = new ByteArrayOutputStream();
        ContentDecoder decoder = new ContentDecoder(framing, maxLine, sink);
        byte[] octets = wire.getBytes(StandardCharsets.ISO_8859_1);
        int taken = 0;
        int piece = 0;
        while (taken < octets.length && !decoder.ended() && decoder.fault().isEmpty()) {
            int to = Math.min(octets.length, taken + cuts.get(piece++ % cuts.size()));
            taken = decoder.decode(octets, taken, to);
        }
        String content = decoder.fault().isPresent() ? "" : sink.toString(StandardCharsets.ISO_8859_1);
        return new Result(content, decoder.ended(), decoder.fault().map(Fault::name).orElse(""), taken,
                decoder.fault().isEmpty() && decoder.lineTooLong());
    }

    private static String unescape(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0");
    }
}
