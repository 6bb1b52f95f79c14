package org.staffetta.mailbox.maildir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineEndsTest {

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {"a|b|", "|", "||", "a|", "a"})
    void the_disk_has_lf_and_the_wire_crlf(String lines) throws IOException {
        String wire = lines.replace("|", "\r\n");
        String disk = lines.replace('|', '\n');

        assertThat(toDisk(wire)).isEqualTo(disk);
        assertThat(fromDisk(disk)).isEqualTo(wire);
    }

    @Test
    void a_file_with_crlf_is_read_as_it_is() throws IOException {
        assertThat(fromDisk("a\r\nb\n\r\n\n")).isEqualTo("a\r\nb\r\n\r\n\r\n");
    }

    @Test
    void a_cr_before_crlf_survives() throws IOException {
        assertThat(fromDisk(toDisk("a\r\r\n\r\r\r\nb\r"))).isEqualTo("a\r\r\n\r\r\r\nb\r");
    }

    @Property(tries = 3000)
    void what_goes_to_the_disk_comes_back(@ForAll("texts") String wire, @ForAll @IntRange(min = 1, max = 7) int step)
            throws IOException {
        String disk = toDisk(wire, step);

        assertThat(disk).isEqualTo(toDisk(wire));
        assertThat(fromDisk(disk)).isEqualTo(wire);
        assertThat(inSteps(disk, step)).isEqualTo(wire);
    }

    @Property
    void what_other_programs_wrote_has_no_bare_lf_for_us(@ForAll("files") String disk) throws IOException {
        assertThat(fromDisk(disk).replace("\r\n", "")).doesNotContain("\n");
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("a", "\r", "\r\n", ".", "\u00ff").list().ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<String> files() {
        return Arbitraries.of("a", "\r", "\n", "\r\n").list().ofMaxSize(12).map(parts -> String.join("", parts));
    }

    private static String toDisk(String wire) {
        return toDisk(wire, Math.max(1, wire.length()));
    }

    private static String toDisk(String wire, int step) {
        byte[] octets = wire.getBytes(ISO_8859_1);
        ByteBuffer out = ByteBuffer.allocate(octets.length + 1);
        LineEnds.ToDisk lineEnds = new LineEnds.ToDisk();
        for (int i = 0; i < octets.length; i += step) {
            lineEnds.convert(octets, i, Math.min(step, octets.length - i), out);
        }
        lineEnds.end(out);
        return new String(out.array(), 0, out.position(), ISO_8859_1);
    }

    private static String fromDisk(String disk) throws IOException {
        try (InputStream in = open(disk)) {
            return new String(in.readAllBytes(), ISO_8859_1);
        }
    }

    private static String inSteps(String disk, int step) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] part = new byte[step];
        try (InputStream in = open(disk)) {
            for (int n = in.read(part); n >= 0; n = in.read(part)) {
                text.append(new String(part, 0, n, ISO_8859_1));
            }
            assertThat(List.of(in.read(), in.read(part))).containsOnly(-1);
        }
        return text.toString();
    }

    private static InputStream open(String disk) {
        return new LineEnds.FromDisk(new ByteArrayInputStream(disk.getBytes(ISO_8859_1)));
    }
}
