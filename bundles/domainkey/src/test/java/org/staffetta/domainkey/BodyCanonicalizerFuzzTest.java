package org.staffetta.domainkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** A body that streams by comes to the same canonical form as one that is rewritten as a whole. */
class BodyCanonicalizerFuzzTest {

    @FuzzTest
    void a_streamed_body_is_as_a_whole_one(byte[] octets) {
        String body = new String(octets, StandardCharsets.ISO_8859_1);
        for (Canonicalization form : Canonicalization.values()) {
            String expected = reference(form, body);
            Random random = new Random(Arrays.hashCode(octets));
            assertThat(canonical(form, octets, octets.length + 1, random)).isEqualTo(expected);
            assertThat(canonical(form, octets, 1, random)).isEqualTo(expected);
            assertThat(canonical(form, octets, 20, random)).isEqualTo(expected);
            // and nothing is left to do
            assertThat(canonical(form, expected.getBytes(StandardCharsets.ISO_8859_1), 20, random)).isEqualTo(expected);
        }
    }

    private static String canonical(Canonicalization form, byte[] octets, int most, Random random) {
        ByteArrayOutputStream canonical = new ByteArrayOutputStream();
        BodyCanonicalizer canonicalizer = new BodyCanonicalizer(form, 1 + random.nextInt(64), canonical::write);
        for (int at = 0; at < octets.length;) {
            int length = Math.min(1 + random.nextInt(most), octets.length - at);
            canonicalizer.update(Arrays.copyOfRange(octets, at, at + length), length);
            at += length;
        }
        canonicalizer.finish();
        return canonical.toString(StandardCharsets.ISO_8859_1);
    }

    // RFC 6376 sections 3.4.3 and 3.4.4
    private static String reference(Canonicalization form, String body) {
        StringBuilder canonical = new StringBuilder();
        for (String line : body.split("\r\n", -1)) {
            String one = line;
            if (form == Canonicalization.RELAXED) {
                one = line.replaceAll("[ \t]+", " ");
                one = one.endsWith(" ") ? one.substring(0, one.length() - 1) : one;
            }
            canonical.append(one).append("\r\n");
        }
        String lines = canonical.toString();
        while (lines.endsWith("\r\n")) {
            lines = lines.substring(0, lines.length() - 2);
        }
        return lines.isEmpty() && form == Canonicalization.RELAXED ? "" : lines + "\r\n";
    }
}
