package org.staffetta.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.text.Normalizer;
import java.util.Locale;
import org.staffetta.api.mail.Address;

/** However somebody writes his name, it is counted as one; and what is in its form stays as it is. */
class AuthNameFuzzTest {

    @FuzzTest
    void a_name_has_one_form_by_which_it_is_counted(byte[] octets) {
        String name = new String(octets, UTF_8);
        AuthName read = AuthName.of(name);
        assertThat(AuthName.of(name)).isEqualTo(read);
        assertThat(read.candidates()).hasSizeLessThanOrEqualTo(2).doesNotHaveDuplicates();
        // a character becomes three at most (NFC), and an A-label has a few for each
        assertThat(read.text().length()).isLessThanOrEqualTo(3 * name.length() + 300);
        for (Address candidate : read.candidates()) {
            assertThat(AuthName.of(candidate.toString()).text()).isEqualTo(read.text());
        }
        if (!read.candidates().isEmpty()) {
            assertThat(AuthName.of(mapped(name, 'a', 'z', 'A' - 'a')).text()).isEqualTo(read.text());
            String wide = AuthName.of(mapped(name, 'a', 'z', 0xff41 - 'a')).text();
            boolean everyday = name.matches("[A-Za-z0-9.]+@[A-Za-z0-9]+\\.test");
            assertThat(everyday && read.candidates().getFirst().localPart().length() <= 20 ? wide : read.text())
                    .isEqualTo(read.text());
        }
    }

    @FuzzTest
    void what_a_profile_has_made_it_leaves_alone(byte[] octets) {
        String text = new String(octets, UTF_8);
        Precis.USERNAME_CASE_MAPPED.enforce(text).ifPresent(name -> {
            assertThat(Precis.USERNAME_CASE_MAPPED.enforce(name)).contains(name);
            assertThat(name).isEqualTo(Normalizer.normalize(name, Normalizer.Form.NFC))
                    .isEqualTo(name.toLowerCase(Locale.ROOT));
            assertThat(name.codePoints()).isNotEmpty()
                    .noneMatch(
                            c -> Character.isWhitespace(c) || Character.isISOControl(c) || c >= 0xff01 && c <= 0xffee);
            // a letter of full width is that letter
            assertThat(Precis.USERNAME_CASE_MAPPED.enforce(mapped(text, 'A', 'Z', 0xff21 - 'A'))).contains(name);
        });
        Precis.OPAQUE_STRING.enforce(text).ifPresent(password -> {
            assertThat(Precis.OPAQUE_STRING.enforce(password)).contains(password);
            assertThat(password.codePoints()).isNotEmpty().noneMatch(Character::isISOControl);
            assertThat(password.replace(" ", "")).doesNotMatch("(?s).*\\p{Zs}.*");
        });
    }

    private static String mapped(String text, char from, char to, int distance) {
        StringBuilder mapped = new StringBuilder();
        text.chars().forEach(c -> mapped.append((char) (c >= from && c <= to ? c + distance : c)));
        return mapped.toString();
    }
}
