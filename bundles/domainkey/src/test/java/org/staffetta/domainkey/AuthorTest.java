package org.staffetta.domainkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.mail.Header;

/** The one domain that a message is from, if there is no doubt. */
class AuthorTest {

    private static Optional<String> domain(String value) {
        return Author.domain(List.of(new Header("From:" + octets(value))));
    }

    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice@example.org", " Alice <alice@example.org>", " \"Alice, the\" <alice@example.org>",
            " Alice (of <eve@example.net>) <alice@example.org>", " (a (nested\\)) comment)alice@example.org (b)",
            " <alice@EXAMPLE.org>", " \"eve@example.net\" <alice@example.org>", " \"a@b\"@example.org",
            " Alice\r\n <alice@example.org>", " =?utf-8?q?eve=40example=2Enet?= <alice@example.org>",
            " A. L. Ice <alice@example.org>", " \"a\\\"<eve@example.net>\" <alice@example.org>",
            " Grüße <alice@example.org>"})
    void one_mailbox(String value) {
        assertThat(domain(value)).contains("example.org");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " Alice", " alice@example.org, bob@example.org", " friends: alice@example.org;",
            " <@route.example:alice@example.org>", " <alice@example.org> eve@example.net",
            " <eve@example.net> <alice@example.org>", " alice@example.org <eve@example.net>", " alice @example.org",
            " alice@ example.org", " alice@example.org(", " <alice@example.org", " alice@[192.0.2.1]",
            " alice@localhost", " alice@example..org", " alice@-example.org", " \"alice@example.org",
            " alice@example.org\u0001", " <alice@example.org,>", " <>", " alice@eve.net@example.org",
            " <alice\\@example.org>", " Alice <alice(comment)@example.org>", " a:b <alice@example.org>"})
    void anything_else_has_no_author(String value) {
        assertThat(domain(value)).isEmpty();
    }

    @Test
    void one_field_and_no_more() {
        Header from = new Header("From: alice@example.org");

        assertThat(Author.domain(List.of(from))).contains("example.org");
        assertThat(Author.domain(List.of(from, from))).isEmpty();
        assertThat(Author.domain(List.of())).isEmpty();
        assertThat(Author.domain(List.of(new Header("From : alice@example.org")))).isEmpty();
    }

    @Test
    void labels_of_other_letters_become_A_labels() {
        assertThat(domain(" alice@bücher.example")).contains("xn--bcher-kva.example");
        assertThat(DomainName.parse("xn--bcher-kva.EXAMPLE")).contains("xn--bcher-kva.example");
        assertThat(DomainName.parse("b\u00fccher.example")).as("not UTF-8").isEmpty();
    }

    @Property(tries = 3000)
    void no_text_is_too_odd(@ForAll @StringLength(max = 60) String text) {
        String octets = octets(text).replaceAll("[\r\n\0]", " ");

        Author.domain(List.of(new Header("From: " + octets))).ifPresent(
                domain -> assertThat(octets.toLowerCase(Locale.ROOT)).contains(domain.substring(0, 1)));
    }
}
