package org.staffetta.smtp.idna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.IDN;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdnaTest {

    @ParameterizedTest
    @CsvSource({"example.org, example.org", "Example.ORG, example.org", "bücher.example, xn--bcher-kva.example",
            "BÜCHER.example, xn--bcher-kva.example", "bu\u0308cher.example, xn--bcher-kva.example",
            "例え.テスト, xn--r8jz45g.xn--zckzah", "例え。テスト, xn--r8jz45g.xn--zckzah",
            "παράδειγμα.δοκιμή, xn--hxajbheg2az3al.xn--jxalpdlp", "मेल.भारत, xn--r2bi6d.xn--h2brj9c",
            "他们为什么不说中文.test, xn--ihqwcrb4cv8a8dqg056pqjye.test", "ｅｘａｍｐｌｅ.org, example.org",
            "xn--bcher-kva.example, xn--bcher-kva.example"})
    void a_label_that_is_not_ascii_becomes_an_a_label(String domain, String ascii) {
        assertThat(Idna.toAscii(domain)).isEqualTo(ascii);
    }

    @ParameterizedTest
    @CsvSource({"straße.example, xn--strae-oqa.example", "STRAẞE.example, xn--strae-oqa.example",
            "βόλος.example, xn--nxasmm1c.example"})
    void the_letters_that_idna_2003_replaced_are_kept(String domain, String ascii) {
        assertThat(Idna.toAscii(domain)).isEqualTo(ascii);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u2100b.example", "\u0301a.example", "a\u200bb.ü", "xn--ü.example", "ü-.example",
            "ü\u0000.example", "ü b.example", "\ud800ü.example",
            "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü.example"})
    void what_cannot_be_a_name_is_refused(String domain) {
        assertThatIllegalArgumentException().isThrownBy(() -> Idna.toAscii(domain));
    }

    @Property(tries = 300)
    void the_jdk_decodes_what_we_encode(
            @ForAll @CharRange(from = 'à', to = 'ö') @StringLength(min = 1, max = 20) String label) {
        String ascii = Idna.toAscii(label + ".example");

        assertThat(ascii).matches("[a-z0-9.-]+");
        assertThat(IDN.toUnicode(ascii)).isEqualTo(label + ".example");
    }
}
