package org.staffetta.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Xtext stands for printable text only, and that text is the same when it is encoded and decoded. */
class XtextFuzzTest {

    @FuzzTest
    void what_was_decoded_is_encoded_to_the_same(byte[] octets) {
        String text;
        try {
            text = Xtext.decode(new String(octets, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException noXtext) {
            return;
        }
        assertThat(text.chars().allMatch(c -> c >= ' ' && c <= '~')).isTrue();
        assertThat(Xtext.decode(Xtext.encode(text))).isEqualTo(text);
    }
}
