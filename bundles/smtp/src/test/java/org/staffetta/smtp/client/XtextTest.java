package org.staffetta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XtextTest {

    @Test
    void the_example_of_rfc_3461_is_encoded_as_it_stands_there() {
        assertThat(Xtext.encode("rfc822;Bob+tag=1@example.org ")).isEqualTo("rfc822;Bob+2Btag+3D1@example.org+20");
    }

    @Property
    void what_is_encoded_decodes_to_itself_and_cannot_leave_its_parameter(@ForAll("text") String text) {
        String encoded = Xtext.encode(text);

        assertThat(encoded.chars()).allMatch(c -> c > 0x20 && c < 0x7f && c != '=');
        assertThat(Xtext.decode(encoded)).isEqualTo(text);
    }

    @Provide
    Arbitrary<String> text() {
        return Arbitraries.integers().between(0, 0x10ffff).filter(c -> c < 0xd800 || c > 0xdfff).list().ofMaxSize(40)
                .map(list -> list.stream().map(Character::toString).reduce("", String::concat));
    }

    @ParameterizedTest
    @ValueSource(strings = {"+", "a+2", "+2b", "+GG", "a b", "a=b", "ü", "a\r\nb", "\0"})
    void what_is_no_xtext_is_refused(String xtext) {
        assertThatIllegalArgumentException().isThrownBy(() -> Xtext.decode(xtext));
    }
}
