package org.staffetta.log.ready;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NoticeTest {
    private static final Map<String, List<String>> CONSOLE = Map.of("console",
            List.of("http://127.0.0.1:8480/system/console", "Console   http://127.0.0.1:8480/system/console",
                    "          user admin, password secret"));

    private static Notice notice(Map<String, String> listeners, List<String> problems, boolean demo, String data) {
        return new Notice("1.0", listeners, CONSOLE, problems, demo, Path.of(data));
    }

    @Test
    void the_line_for_programs_has_names_and_addresses_and_no_secret() {
        assertThat(notice(Map.of("smtp", "127.0.0.1:2525"), List.of(), true, "/d").line())
                .isEqualTo("listener.smtp=127.0.0.1:2525 console=http://127.0.0.1:8480/system/console");
    }

    @Test
    void one_who_has_no_address_is_not_in_the_line_but_people_read_why() {
        Notice notice = new Notice("1.0", Map.of(), Map.of("console", List.of("", "Console   cannot listen")),
                List.of(), false, Path.of("/d"));
        assertThat(notice.line()).isEmpty();
        assertThat(notice.text()).contains("  Console   cannot listen\n");
    }

    @Test
    void people_read_where_everything_is_and_what_to_try() {
        assertThat(notice(Map.of("smtp", "127.0.0.1:2525"), List.of(), true, "/d").text()).contains(
                "Staffetta 1.0 is ready.",
                "SMTP      127.0.0.1:2525", "password secret", "telnet 127.0.0.1 2525", "RCPT TO:<alice@demo.test>",
                "cat /d/mailboxes/demo.test/alice/new/*");
    }

    @Test
    void a_folder_with_blanks_is_quoted_for_the_shell() {
        assertThat(notice(Map.of("smtp", "[::1]:2525"), List.of(), true, "/my data's").text()).contains(
                "telnet ::1 2525",
                "cat '/my data'\\''s/mailboxes/demo.test/alice/new'/*");
    }

    @Test
    void without_the_demo_domain_there_is_nothing_to_try() {
        assertThat(notice(Map.of("smtp", "127.0.0.1:2525"), List.of(), false, "/d").text()).doesNotContain("telnet");
    }

    @Test
    void what_does_not_run_comes_first() {
        assertThat(notice(Map.of(), List.of("x.jar: is not there"), true, "/d").text())
                .contains("not all of it", "Problem:  x.jar: is not there")
                .doesNotContain("is ready", "telnet");
    }
}
