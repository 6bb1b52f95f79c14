package org.staffetta.api.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"a@example.org", "first.last+tag@example.org", "!#$%&'*+-/=?^_`{|}~@example.org",
            "\"with space\"@example.org", "\"a@b\"@example.org", "\"say \\\"hi\\\"\"@example.org",
            "\"back\\\\slash\"@example.org",
            "\".dot\"@example.org", "a@[192.0.2.1]", "a@[ipv6:2001:db8::1]", "grüße@münchen.example", "用户@例子.广告",
            "a@xn--mnchen-3ya.example",
            "a@my_host.example"})
    void is_printed_as_it_was_read(String text) {
        assertThat(Address.parse(text)).hasToString(text);
    }

    @Test
    void quotes_that_are_not_needed_are_not_printed() {
        assertThat(Address.parse("\"plain\"@example.org")).hasToString("plain@example.org");
        assertThat(Address.parse("\"p\\lain\"@example.org")).isEqualTo(new Address("plain", "example.org"));
    }

    @Test
    void the_domain_is_kept_in_lower_case_and_the_local_part_as_given() {
        assertThat(Address.parse("Alice@EXAMPLE.org")).isEqualTo(new Address("Alice", "example.org"));
    }

    @Test
    void the_null_reverse_path_is_empty() {
        assertThat(Address.NULL.isNull()).isTrue();
        assertThat(Address.NULL).hasToString("");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a                       | an address needs a domain
            @example.org            | the local part has a character that must be quoted
            a@                      | the domain must have 1 to 255 octets
            a@b@example.org         | the local part has a character that must be quoted
            a b@example.org         | the local part has a character that must be quoted
            .a@example.org          | the local part has a character that must be quoted
            a.@example.org          | the local part has a character that must be quoted
            a..b@example.org        | the local part has a character that must be quoted
            "a@example.org          | the quoted local part does not end
            "a"b"@example.org       | the quoted local part ends too early
            "a\\"@example.org       | the quoted local part ends too early
            ""@example.org          | an address needs a local part
            a@example.org.          | the domain is not a domain name
            a@.example.org          | the domain is not a domain name
            a@-example.org          | the domain is not a domain name
            a@exam ple.org          | the domain is not a domain name
            a@example.org/x         | the domain is not a domain name
            a@[]                    | the domain is not a domain name
            a@[1.2.3.4              | the domain is not a domain name
            """)
    void what_is_no_address_is_refused_with_a_reason(String text, String reason) {
        assertThatThrownBy(() -> Address.parse(text)).isInstanceOf(IllegalArgumentException.class).hasMessage(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "a\0b", "a\u007fb", "a\u0085b", "a\u2028b", "a\ud800b"})
    void control_characters_and_broken_unicode_cannot_be_in_an_address(String part) {
        assertThatThrownBy(() -> new Address(part, "example.org")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Address("a", part + ".example")).isInstanceOf(IllegalArgumentException.class);
    }

    @Example
    void lengths_are_counted_in_octets() {
        assertThat(new Address("ü".repeat(32), "example.org").localPart()).hasSize(32);
        assertThatThrownBy(() -> new Address("ü".repeat(33), "example.org"))
                .hasMessage("the local part is longer than 64 octets");
        assertThatThrownBy(() -> new Address("a", "a.".repeat(128) + "a"))
                .hasMessage("the domain must have 1 to 255 octets");
        assertThatThrownBy(() -> new Address("a", "a".repeat(64) + ".example"))
                .hasMessage("the domain is not a domain name");
    }

    @Property
    void whatever_can_be_built_is_read_back_from_its_own_text(@ForAll String local) {
        try {
            Address address = new Address(local, "example.org");
            assertThat(Address.parse(address.toString())).isEqualTo(address);
            assertThat(address.toString()).doesNotContain("\r", "\n", "\0");
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageNotContaining("\n");
        }
    }
}
