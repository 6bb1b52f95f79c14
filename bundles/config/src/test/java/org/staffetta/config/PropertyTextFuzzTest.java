package org.staffetta.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A configuration file is read or refused; whoever changes a key of it changes nothing else, and what was set is what is read. */
class PropertyTextFuzzTest {

    /** The input is the file, and behind the first NUL a value. */
    @FuzzTest
    void a_change_changes_one_key_only(byte[] octets) {
        String input = new String(octets, StandardCharsets.UTF_8);
        int nul = input.indexOf(0);
        String file = nul < 0 ? input : input.substring(0, nul);
        String value = nul < 0 ? "" : input.substring(nul + 1);
        PropertyText text;
        try {
            text = PropertyText.parse("test.properties", file);
        } catch (RefusedException refused) {
            assertThat(refused.problems()).isNotEmpty();
            return;
        }
        assertThat(text.text()).isEqualTo(file);
        List<Setting> settings = text.settings();
        assertThat(settings).extracting(Setting::key).doesNotHaveDuplicates()
                .allMatch(key -> key.matches("[A-Za-z0-9_.-]+"));
        List<String> keys = new ArrayList<>(settings.stream().limit(3).map(Setting::key).toList());
        keys.add("new.key");
        for (String key : keys) {
            PropertyText changed = text.with(key, value);
            assertThat(values(changed, key)).containsExactly(value);
            assertThat(others(changed, key)).isEqualTo(others(text, key));
            PropertyText without = changed.without(key);
            assertThat(values(without, key)).isEmpty();
            assertThat(others(without, key)).isEqualTo(others(text, key));
        }
    }

    /** Text that was quoted is itself when its variables are replaced, and nothing that a variable holds is taken for another. */
    @FuzzTest
    void what_was_quoted_is_itself(byte[] octets) {
        String text = new String(octets, StandardCharsets.UTF_8);
        Variables variables = new Variables(name -> name.length() > 3 ? null : "${env:" + name + "}", _ -> null);
        assertThat(variables.resolve(Variables.quote(text))).isEqualTo(text);
        try {
            String resolved = variables.resolve(text);
            assertThat(text.contains("${") || resolved.equals(text)).isTrue();
        } catch (IllegalArgumentException unknown) {
            assertThat(unknown.getMessage()).isNotEmpty();
        }
    }

    private static List<String> values(PropertyText text, String key) {
        return text.settings().stream().filter(one -> one.key().equals(key)).map(Setting::text).toList();
    }

    private static List<String> others(PropertyText text, String key) {
        return text.settings().stream().filter(one -> !one.key().equals(key))
                .map(one -> one.key() + "=" + one.text()).toList();
    }
}
