package org.staffetta.domainkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.staffetta.api.mail.Header;

/** The canonical form of a header field is what the RFC says in three steps, and stays so when the field is folded otherwise. */
class FieldCanonicalizationFuzzTest {

    @FuzzTest
    void a_field_is_as_the_rfc_says(byte[] octets) {
        Header header;
        try {
            header = new Header(new String(octets, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException noField) {
            return;
        }
        String field = header.field();
        assertThat(Canonicalization.SIMPLE.field(field)).isEqualTo(field);
        String relaxed = Canonicalization.RELAXED.field(field);
        // RFC 6376 section 3.4.2: name in small letters, unfolded, one space for many, none at the end and around the colon
        int colon = field.indexOf(':');
        String value = field.substring(colon + 1).replace("\r\n", "").replaceAll("[ \t]+", " ").replaceAll("^ | $", "");
        assertThat(relaxed).isEqualTo(
                field.substring(0, colon).replaceAll("[ \t]+$", "").toLowerCase(Locale.ROOT) + ":" + value);
        assertThat(Canonicalization.RELAXED.field(relaxed)).isEqualTo(relaxed);
        String folded = field.substring(0, colon + 1) + field.substring(colon + 1).replace(" ", "\r\n\t ");
        assertThat(Canonicalization.RELAXED.field(folded)).isEqualTo(relaxed);
    }
}
