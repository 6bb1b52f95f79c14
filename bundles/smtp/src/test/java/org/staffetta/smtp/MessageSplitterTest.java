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
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Reply;

class MessageSplitterTest {

    /** What came of splitting. */
    private record Result(List<String> fields, String body, String problem) {

        static Result of(String body, String... fields) {
            return new Result(List.of(fields), body, "");
        }
    }

    @Test
    void anEmptyLineEndsTheHeaderSection() {
        assertThat(split("Subject: x\r\nFrom: a\r\n\r\ntext\r\nTo: b\r\n\r\nmore\r\n"))
                .isEqualTo(Result.of("text\r\nTo: b\r\n\r\nmore\r\n", "Subject: x", "From: a"));
    }

    @Test
    void foldedFieldsAreKeptAsTheyAre() {
        assertThat(split("Subject: x\r\n y\r\n\tz\r\n \r\nFrom :a\r\n\r\n"))
                .isEqualTo(Result.of("", "Subject: x\r\n y\r\n\tz\r\n ", "From :a"));
    }

    @Test
    void octetsStayWhatTheyAre() {
        assertThat(split("Subject: \u00e9\u00ff\r\n\r\n\u00fe\r\n"))
                .isEqualTo(Result.of("\u00fe\r\n", "Subject: \u00e9\u00ff"));
    }

    @Test
    void aHeaderSectionMayBeAll() {
        assertThat(split("Subject: x\r\n y\r\n")).isEqualTo(Result.of("", "Subject: x\r\n y"));
    }

    @Test
    void theBodyMayBeAll() {
        assertThat(split("\r\ntext\r\n")).isEqualTo(Result.of("text\r\n"));
        assertThat(split("no header here\r\nSubject: x\r\n\r\ntext\r\n"))
                .isEqualTo(Result.of("no header here\r\nSubject: x\r\n\r\ntext\r\n"));
        assertThat(split(" folded: what\r\n")).isEqualTo(Result.of(" folded: what\r\n"));
        assertThat(split(": no name\r\n")).isEqualTo(Result.of(": no name\r\n"));
        assertThat(split("")).isEqualTo(Result.of(""));
    }

    @Test
    void textAmongFieldsIsAProblem() {
        assertThat(split("Subject: x\r\nnot a header\r\nFrom: a\r\n\r\ntext\r\n").problem()).startsWith("554 5.6.0");
        assertThat(split("Subject: x\r\nb\u00e4d: name\r\n\r\n").problem()).startsWith("554 5.6.0");
    }

    @Test
    void theHeaderSectionIsBounded() {
        assertThat(split("A: " + "x".repeat(500) + "\r\n\r\n").problem()).startsWith("552 5.3.4");
        assertThat(split("A: 1\r\n".repeat(11) + "\r\n").problem()).startsWith("554 5.6.0");
        assertThat(split("A: 1\r\n".repeat(10) + "\r\n").fields()).hasSize(10);
    }

    @Property(tries = 2000)
    void theCutsMakeNoDifference(@ForAll("messages") String message, @ForAll("cuts") List<Integer> cuts) {
        assertThat(splitInPieces(message, cuts)).isEqualTo(split(message));
    }

    @Property(tries = 2000)
    void nothingIsLost(@ForAll("messages") String message) {
        Result result = split(message);
        if (result.problem().isEmpty()) {
            String section = String.join("", result.fields().stream().map(field -> field + "\r\n").toList());
            assertThat(message).isIn(section + "\r\n" + result.body(), section + result.body());
        }
    }

    @Provide
    Arbitrary<String> messages() {
        return Arbitraries.of("A: b", "C:d", " e", "\tf", "", "text", "G :", "\u00e9: x", "..").list().ofMaxSize(9)
                .map(lines -> lines.isEmpty() ? "" : String.join("\r\n", lines) + "\r\n");
    }

    @Provide
    Arbitrary<List<Integer>> cuts() {
        return Arbitraries.integers().between(1, 5).list().ofMinSize(1).ofMaxSize(5);
    }

    private static Result split(String message) {
        return splitInPieces(message, List.of(Math.max(1, message.length())));
    }

    private static Result splitInPieces(String message, List<Integer> cuts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        MessageSplitter splitter = new MessageSplitter(400, 10, body);
        byte[] octets = message.getBytes(StandardCharsets.ISO_8859_1);
        int piece = 0;
        try {
            for (int i = 0; i < octets.length;) {
                int count = Math.min(octets.length - i, cuts.get(piece++ % cuts.size()));
                splitter.write(octets, i, count);
                i += count;
            }
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        splitter.finish();
        if (splitter.problem().isPresent()) {
            return new Result(List.of(), "", splitter.problem().map(Reply::toString).orElseThrow());
        }
        return new Result(splitter.headers().stream().map(Header::field).toList(),
                body.toString(StandardCharsets.ISO_8859_1),
                "");
    }
}
