package org.staffetta.smtp.idna;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;

/** What a name becomes is ASCII, stays as it is from then on, and is decoded to the name again. */
class IdnaFuzzTest {

    @FuzzTest
    void a_name_becomes_one_of_ascii_that_means_the_same(byte[] octets) {
        String name = new String(octets, StandardCharsets.UTF_8);
        String ascii;
        try {
            ascii = Idna.toAscii(name);
        } catch (IllegalArgumentException noName) {
            return;
        }
        assertThat(ascii.chars().allMatch(c -> c < 0x80)).isTrue();
        assertThat(Idna.toAscii(ascii)).isEqualTo(ascii);
        if (name.chars().allMatch(c -> c < 0x80)) {
            return;
        }
        String lower = Normalizer.normalize(name, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        String[] labels = Normalizer.normalize(lower, Normalizer.Form.NFKC).replace('\u3002', '.').split("\\.", -1);
        String[] encoded = ascii.split("\\.", -1);
        assertThat(encoded).hasSameSizeAs(labels);
        for (int i = 0; i < labels.length; i++) {
            assertThat(encoded[i].length()).isBetween(1, 63);
            assertThat(decoded(encoded[i])).isEqualTo(labels[i]);
        }
    }

    // RFC 3492 section 6.2
    private static String decoded(String label) {
        if (!label.startsWith("xn--")) {
            return label;
        }
        int hyphen = label.lastIndexOf('-');
        StringBuilder text = new StringBuilder(hyphen > 3 ? label.substring(4, hyphen) : "");
        int n = 0x80;
        int i = 0;
        int bias = 72;
        int at = hyphen + 1;
        while (at < label.length()) {
            int old = i;
            int weight = 1;
            for (int k = 36;; k += 36) {
                char c = label.charAt(at++);
                int digit = c <= '9' ? c - '0' + 26 : c - 'a';
                i += digit * weight;
                int t = k <= bias ? 1 : Math.min(k - bias, 26);
                if (digit < t) {
                    break;
                }
                weight *= 36 - t;
            }
            int points = text.codePointCount(0, text.length()) + 1;
            bias = adapted(i - old, points, old == 0);
            n += i / points;
            i %= points;
            text.insert(text.offsetByCodePoints(0, i), Character.toString(n));
            i++;
        }
        return text.toString();
    }

    private static int adapted(int delta, int points, boolean first) {
        int rest = first ? delta / 700 : delta / 2;
        rest += rest / points;
        int k = 0;
        while (rest > 455) {
            rest /= 35;
            k += 36;
        }
        return k + 36 * rest / (rest + 38);
    }
}
