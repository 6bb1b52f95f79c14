package org.staffetta.domainkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies in canonical form. */
class BodyCanonicalizerTest {

    private static String canonical(Canonicalization way, String body, Random cuts) {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        BodyCanonicalizer canonicalizer = new BodyCanonicalizer(way, 16, result::write);
        byte[] octets = body.getBytes(StandardCharsets.ISO_8859_1);
        int from = 0;
        while (from < octets.length) {
            int count = 1 + cuts.nextInt(octets.length - from);
            byte[] block = new byte[count + 3];
            System.arraycopy(octets, from, block, 0, count);
            canonicalizer.update(block, count);
            from += count;
        }
        canonicalizer.finish();
        return result.toString(StandardCharsets.ISO_8859_1);
    }

    // RFC 6376 sections 3.4.3 to 3.4.5
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            SIMPLE, "", "|"
            SIMPLE, "|", "|"
            SIMPLE, "||", "|"
            SIMPLE, " c |d  e||", " c |d  e|"
            SIMPLE, "a", "a|"
            SIMPLE, "a| ", "a| |"
            RELAXED, "", ""
            RELAXED, "|", ""
            RELAXED, " |\t|", ""
            RELAXED, " ", ""
            RELAXED, " c |d \t e|||", " c|d e|"
            RELAXED, "a", "a|"
            RELAXED, "a| ", "a|"
            RELAXED, "|a", "|a|"
            """)
    void as_the_rfc_has_it(Canonicalization way, String body, String expected) {
        assertThat(canonical(way, body.replace("|", "\r\n"), new Random(1))).isEqualTo(expected.replace("|", "\r\n"));
    }

    @Provide
    Arbitrary<String> bodies() {
        return Arbitraries.of("\r\n", "\r\n", " ", "\t", "a", "b", ".", "\r", "\n", "\u00e4").list().ofMaxSize(40)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 4000)
    void however_it_is_cut_it_is_what_a_plain_reading_of_the_rfc_gives(@ForAll("bodies") String body,
            @ForAll Canonicalization way, @ForAll long cuts) {
        assertThat(canonical(way, body, new Random(cuts))).isEqualTo(reference(way, body));
    }

    // on strings, step by step
    private static String reference(Canonicalization way, String body) {
        String text = body.isEmpty() || body.endsWith("\r\n") ? body : body + "\r\n";
        if (way == Canonicalization.RELAXED) {
            StringBuilder lines = new StringBuilder();
            for (String line : List.of(text.split("(?<=\r\n)"))) {
                String bare = line.endsWith("\r\n") ? line.substring(0, line.length() - 2) : line;
                lines.append(bare.replaceAll("[ \t]+", " ").replaceAll(" \\z", ""))
                        .append(line.isEmpty() ? "" : "\r\n");
            }
            text = lines.toString();
        }
        while (text.endsWith("\r\n\r\n")) {
            text = text.substring(0, text.length() - 2);
        }
        boolean nothing = text.isEmpty() || text.equals("\r\n");
        return nothing ? way == Canonicalization.SIMPLE ? "\r\n" : "" : text;
    }

    @Test
    void blocks_larger_than_the_buffer_and_just_as_large() {
        for (int length : List.of(8_191, 8_192, 8_193, 20_000)) {
            String body = "x".repeat(length) + "\r\n" + "y z".repeat(length) + "\r\n";
            assertThat(canonical(Canonicalization.RELAXED, body, new Random(length))).isEqualTo(body);
            assertThat(canonical(Canonicalization.SIMPLE, body, new Random(length))).isEqualTo(body);
        }
    }

    // RFC 6376 sections 3.4.3 and 3.4.4
    @Test
    void the_hashes_of_nothing() throws IOException {
        BodyHashes hashes = new BodyHashes();
        hashes.want(Canonicalization.SIMPLE, Optional.empty());
        hashes.want(Canonicalization.RELAXED, Optional.empty());
        hashes.read(new TestMessage(List.of(), ""));

        assertThat(Base64.getEncoder().encodeToString(hashes.hash(Canonicalization.SIMPLE, Optional.empty())))
                .isEqualTo("frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=");
        assertThat(Base64.getEncoder().encodeToString(hashes.hash(Canonicalization.RELAXED, Optional.empty())))
                .isEqualTo("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    @Test
    void several_hashes_of_one_pass_whole_and_in_part() throws IOException {
        BodyHashes hashes = new BodyHashes();
        hashes.want(Canonicalization.SIMPLE, Optional.of(3L));
        hashes.want(Canonicalization.SIMPLE, Optional.of(0L));
        hashes.want(Canonicalization.RELAXED, Optional.of(1_000L));
        hashes.read(new TestMessage(List.of(), "a  b\r\n"));

        assertThat(hashes.hash(Canonicalization.SIMPLE, Optional.of(3L)))
                .isEqualTo(BodyHashes.sha256().digest(new byte[]{'a', ' ', ' '}));
        assertThat(hashes.hash(Canonicalization.SIMPLE, Optional.of(0L)))
                .isEqualTo(BodyHashes.sha256().digest(new byte[0]));
        assertThat(hashes.length(Canonicalization.SIMPLE, Optional.of(3L))).isEqualTo(6);
        assertThat(hashes.length(Canonicalization.RELAXED, Optional.of(1_000L))).isEqualTo(5);
    }

    @Test
    void fields_as_the_rfc_has_it() {
        assertThat(Canonicalization.RELAXED.field("A: X")).isEqualTo("a:X");
        assertThat(Canonicalization.RELAXED.field("B : Y\t\r\n\tZ  ")).isEqualTo("b:Y Z");
        assertThat(Canonicalization.RELAXED.field("C:")).isEqualTo("c:");
        assertThat(Canonicalization.RELAXED.field("D:  \r\n ")).isEqualTo("d:");
        assertThat(Canonicalization.SIMPLE.field("B : Y\t\r\n\tZ  ")).isEqualTo("B : Y\t\r\n\tZ  ");
    }
}
