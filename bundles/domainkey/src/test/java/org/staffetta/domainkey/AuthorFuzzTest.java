package org.staffetta.domainkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.staffetta.api.mail.Header;

/** The domain that DMARC asks for is one that DNS can have, and the same however the field is written. */
class AuthorFuzzTest {

    @FuzzTest
    void an_authors_domain_is_a_name_and_stays_so(byte[] octets) {
        Header from;
        try {
            from = new Header("From:" + new String(octets, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException noField) {
            return;
        }
        Optional<String> domain = Author.domain(List.of(from));
        if (domain.isEmpty()) {
            return;
        }
        String name = domain.get();
        assertThat(name).hasSizeLessThan(254).matches("[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63}){1,127}");
        assertThat(DomainName.parse(name)).contains(name);
        assertThat(Author.domain(List.of(new Header("From: <x@" + name + ">")))).contains(name);
        assertThat(Author.domain(List.of(new Header("From: x@" + name + "\r\n\t(" + name + ")")))).contains(name);
        assertThat(Author.domain(List.of(from, new Header("from: x@example.net")))).isEmpty();
        assertThat(Author.domain(List.of(new Header("Subject: x"), from))).contains(name);
    }
}
