package org.staffetta.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.mail.Address;

class AuthNameTest {

    @ParameterizedTest
    @CsvSource({"alice@demo.test, alice@demo.test", "ALICE@Demo.Test, alice@demo.test",
            "ａｌｉｃｅ@demo.test, alice@demo.test",
            "ａｌｉｃｅ＠ｄｅｍｏ．ｔｅｓｔ, alice@demo.test", "Ａlice@demo.test, alice@demo.test",
            "U\u0308nal@demo.test, ünal@demo.test",
            "leser@BÜCHER.example, leser@xn--bcher-kva.example", "ΒΌΛΟΣ@demo.test, βόλος@demo.test",
            "a+b.c=d@demo.test, a+b.c=d@demo.test", "שלום@demo.test, שלום@demo.test",
            "\"John  Doe\"@demo.test, john  doe@demo.test"})
    void what_means_the_same_has_one_form(String name, String text) {
        assertThat(AuthName.of(name).text()).isEqualTo(text);
    }

    @Test
    void a_name_is_looked_up_as_it_stands_and_then_in_its_one_form() {
        assertThat(AuthName.of("Ａlice@demo.test").candidates()).containsExactly(new Address("Ａlice", "demo.test"),
                new Address("alice", "demo.test"));
        assertThat(AuthName.of("Alice@demo.test").candidates()).containsExactly(new Address("Alice", "demo.test"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ﬁona@demo.test", "💚@demo.test", "אa@demo.test", "a\u200db@demo.test"})
    void a_name_that_is_none_any_more_is_looked_up_as_it_stands_alone(String name) {
        assertThat(AuthName.of(name).candidates()).containsExactly(Address.parse(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "alice", "@demo.test", "a b@demo.test", "alice@", "\0@demo.test"})
    void what_is_no_address_is_nobody(String name) {
        assertThat(AuthName.of(name).candidates()).isEmpty();
    }

    @Test
    void a_form_that_is_too_long_for_an_address_is_none() {
        // NFC makes two of each, and the wide letter makes the form another
        String name = "\u0958".repeat(20) + "Ａ@demo.test";

        assertThat(AuthName.of(name).candidates()).containsExactly(Address.parse(name));
    }
}
