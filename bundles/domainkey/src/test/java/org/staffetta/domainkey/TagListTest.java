package org.staffetta.domainkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of tags. */
class TagListTest {

    private static TagList parse(String text) throws UnverifiedException {
        return TagList.parse("the signature", text);
    }

    @Test
    void names_and_values_stand_between_white_space() throws UnverifiedException {
        TagList tags = parse(" v=1;\r\n\ta = rsa-sha256 ; h=From : To:\r\n Subject;x_1=;b=aG\r\n Vs bG8= ; ");

        assertThat(tags.require("v")).isEqualTo("1");
        assertThat(tags.require("a")).isEqualTo("rsa-sha256");
        assertThat(tags.items("h")).containsExactly("From", "To", "Subject");
        assertThat(tags.get("x_1")).contains("");
        assertThat(tags.octets("b")).asString().isEqualTo("hello");
        assertThat(tags.items("y")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";", "v=1;;a=2", "v", "=1", "1v=2", "v=1;v=1", "v=a\u0000b", "v=a\u007fb",
            "v=1; \u000b",
            "\u00e4=1", "v-1=2", "v=1;a"})
    void what_is_none_is_told(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(UnverifiedException.class)
                .extracting(e -> ((UnverifiedException) e).result()).isEqualTo(Result.PERMERROR);
    }

    @Test
    void names_are_case_sensitive() throws UnverifiedException {
        TagList tags = parse("v=1;V=2");

        assertThat(tags.require("v")).isEqualTo("1");
        assertThat(tags.require("V")).isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1a", "0x1", "1 2", "1234567890123"})
    void numbers_have_digits_only_and_not_too_many(String text) throws UnverifiedException {
        TagList tags = parse("t=" + text);

        assertThatThrownBy(() -> tags.number("t", 12)).isInstanceOf(UnverifiedException.class)
                .hasMessage("the signature has an invalid t=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "!", "a", "YQ=a", "\u00e4"})
    void octets_are_base64(String text) throws UnverifiedException {
        TagList tags = parse("b=" + text);

        assertThatThrownBy(() -> tags.octets("b")).isInstanceOf(UnverifiedException.class);
    }

    @Property(tries = 2000)
    void no_text_is_too_odd(@ForAll @CharRange(to = 0xff) String text) {
        try {
            assertThat(parse(text).get("zz")).isEmpty();
        } catch (UnverifiedException told) {
            assertThat(told.reason()).isNotBlank();
        }
    }

    @Test
    void a_long_list_takes_no_longer_than_it_must() throws UnverifiedException {
        StringBuilder text = new StringBuilder("b=x");
        for (int i = 0; i < 20_000; i++) {
            text.append(";t").append(i).append('=').append(i);
        }

        assertThat(parse(text.toString()).require("t19999")).isEqualTo("19999");
    }
}
