package org.staffetta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every file. */
class PropertyTextPropertyTest {

    private static final List<String> KEYS = List.of("hostname", "domains", "listener.smtp.port", "listener.smtp.tls",
            "listener.sub.port", "queue.life-time", "queue.x_y", "a.b.c.d");

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.strings().withChars("ab,= :#!\\\"'${}\t\n\r\f\u0085\u2028üß€\uFEFF ").ofMaxLength(12);
    }

    @Provide
    Arbitrary<String> keys() {
        return Arbitraries.of(KEYS);
    }

    @Provide
    Arbitrary<List<String>> files() {
        Arbitrary<String> end = Arbitraries.of("\n", "\r\n");
        Arbitrary<String> comment = Arbitraries.of("# a comment", "  ! another \\", "", "   ", "\t# x = y");
        Arbitrary<String> written = Arbitraries.strings().withChars("ab ,ü#\"'$").ofMaxLength(8);
        Arbitrary<String> property = Combinators.combine(Arbitraries.of("", "  ", "\t"), keys(),
                Arbitraries.of(" = ", "=", ": ", "   =   "), written, Arbitraries.of("", " ", "\\\n   more"))
                .as((indent, key, separator, value, tail) -> indent + key + separator + value + tail);
        return Combinators.combine(Arbitraries.oneOf(comment, property), end).as(String::concat).list().ofMaxSize(12);
    }

    private static PropertyText parse(List<String> lines) throws RefusedException {
        return PropertyText.parse("f", String.join("", lines));
    }

    private static Map<String, String> map(PropertyText text) {
        Map<String, String> map = new LinkedHashMap<>();
        text.settings().forEach(s -> map.put(s.key(), s.text()));
        return map;
    }

    private static void assumeReadable(List<String> lines) {
        try {
            parse(lines);
        } catch (RefusedException e) {
            Assume.that(false);
        }
    }

    @Property(maxDiscardRatio = 20)
    void load_and_save_without_a_change_is_byte_identical(@ForAll("files") List<String> lines) throws Exception {
        assumeReadable(lines);
        assertThat(parse(lines).text()).isEqualTo(String.join("", lines));
    }

    @Property(maxDiscardRatio = 20)
    void java_util_Properties_reads_the_same_but_for_blanks_at_the_end(@ForAll("files") List<String> lines)
            throws Exception {
        assumeReadable(lines);
        Properties expected = new Properties();
        expected.load(new StringReader(String.join("", lines)));
        Map<String, String> stripped = new LinkedHashMap<>();
        expected.forEach((key, value) -> stripped.put(key.toString(), value.toString().stripTrailing()));
        assertThat(map(parse(lines))).containsExactlyInAnyOrderEntriesOf(stripped);
    }

    @Property(maxDiscardRatio = 20)
    void what_is_set_is_read_again_and_nothing_else_changes(@ForAll("files") List<String> lines,
            @ForAll("keys") String key, @ForAll("values") String value) throws Exception {
        assumeReadable(lines);
        PropertyText before = parse(lines);
        PropertyText after = PropertyText.parse("f", before.with(key, value).text());
        Map<String, String> expected = map(before);
        expected.put(key, value);
        assertThat(map(after)).containsExactlyInAnyOrderEntriesOf(expected);
        assertThat(untouched(after, key)).isEqualTo(untouched(before, key));
    }

    @Property(maxDiscardRatio = 20)
    void what_is_taken_out_is_gone_and_nothing_else_changes(@ForAll("files") List<String> lines,
            @ForAll("keys") String key) throws Exception {
        assumeReadable(lines);
        PropertyText before = parse(lines);
        PropertyText after = before.without(key);
        Map<String, String> expected = map(before);
        expected.remove(key);
        assertThat(map(after)).isEqualTo(expected);
        assertThat(untouched(after, key)).isEqualTo(untouched(before, key));
    }

    @Property
    void a_list_comes_back_item_by_item(@ForAll("items") List<String> items) {
        assertThat(Attribute.ItemList.split(Attribute.ItemList.join(items))).isEqualTo(items);
    }

    @Provide
    Arbitrary<List<String>> items() {
        return Arbitraries.strings().withChars("ab,\\ ").ofMinLength(1).ofMaxLength(6).map(String::strip)
                .filter(s -> !s.isEmpty()).list().ofMaxSize(5);
    }

    @Property
    void a_quoted_text_resolves_to_itself(@ForAll("values") String text) {
        assertThat(new Variables(name -> null, name -> null).resolve(Variables.quote(text))).isEqualTo(text);
    }

    // Every line but those of the key, without their ends: a last line gets one when another comes behind it.
    private static List<String> untouched(PropertyText text, String key) throws RefusedException {
        List<String> lines = new ArrayList<>();
        for (String line : text.without(key).text().split("\r?\n", -1)) {
            lines.add(line);
        }
        if (lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        return lines;
    }
}
