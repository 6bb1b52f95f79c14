package org.staffetta.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XtextTest {

    @Test
    void asInRfc3461() {
        assertThat(Xtext.encode("a+b=c d")).isEqualTo("a+2Bb+3Dc+20d");
        assertThat(Xtext.decode("QQ+2B314159")).isEqualTo("QQ+314159");
    }

    @ParameterizedTest
    @ValueSource(strings = {"+", "+2", "+2b", "a=b", "a b", "+0D+0A", "+00", "é", "+ZZ", "+-1"})
    void whatIsNot(String xtext) {
        assertThatIllegalArgumentException().isThrownBy(() -> Xtext.decode(xtext));
    }

    @Test
    void onlyPrintableAsciiIsEncoded() {
        assertThatIllegalArgumentException().isThrownBy(() -> Xtext.encode("a\r\n"));
    }

    @Property
    void thereAndBack(@ForAll @CharRange(from = ' ', to = '~') String text) {
        assertThat(Xtext.decode(Xtext.encode(text))).isEqualTo(text);
    }
}
