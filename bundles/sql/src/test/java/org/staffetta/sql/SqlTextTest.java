package org.staffetta.sql;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;

class SqlTextTest {

    @Property
    void any_text_comes_back_and_stands_in_a_column_without_controls_and_half_pairs(
            @ForAll @CharRange(from = 0, to = 0x2ff) @CharRange(from = 0xd700, to = 0xe0ff) String text) {
        String escaped = SqlText.escape(text);
        assertThat(SqlText.unescape(escaped)).isEqualTo(text);
        assertThat(escaped.codePoints()).allMatch(c -> !Character.isISOControl(c) && (c < 0xd800 || c > 0xdfff));
    }

    @Test
    void what_people_write_stays_as_it_is() {
        assertThat(SqlText.escape("Grüße, 世界 \uD83D\uDE00 = \"x\"")).isEqualTo("Grüße, 世界 \uD83D\uDE00 = \"x\"");
        assertThat(SqlText.escape("a\0%\n\uD800")).isEqualTo("a%0000%0025%000a%d800");
    }
}
