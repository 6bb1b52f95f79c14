package org.staffetta.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    @TempDir
    Path folder;

    private Path path() {
        return folder.resolve("log/mail.log");
    }

    @Test
    void lines_are_in_the_file_after_a_flush_and_an_existing_file_goes_on() throws IOException {
        Files.createDirectories(path().getParent());
        Files.writeString(path(), "before\n");
        try (LogFile file = new LogFile(path(), 1000, 3)) {
            assertThat(file.add("one")).isTrue();
            file.add("zw\u00f6lf");
            file.flush();
            assertThat(path()).hasContent("before\none\nzw\u00f6lf\n");
        }
    }

    @Test
    void a_full_file_gets_a_number_and_only_so_many_are_kept() {
        try (LogFile file = new LogFile(path(), 10, 2)) {
            for (int i = 1; i <= 9; i++) {
                file.add("line" + i); // six octets: one fits, two do not
            }
        }
        assertThat(path()).hasContent("line9");
        assertThat(path().resolveSibling("mail.log.1")).hasContent("line8");
        assertThat(path().resolveSibling("mail.log.2")).hasContent("line7");
        assertThat(path().resolveSibling("mail.log.3")).doesNotExist();
    }

    @Test
    void a_line_longer_than_the_file_may_be_is_written_nevertheless() {
        try (LogFile file = new LogFile(path(), 10, 2)) {
            file.add("a line that is far too long");
            file.add("b");
        }
        assertThat(path()).hasContent("b");
        assertThat(path().resolveSibling("mail.log.1")).hasContent("a line that is far too long");
    }

    @Test
    void a_file_that_logrotate_has_moved_away_is_opened_anew() throws IOException {
        try (LogFile file = new LogFile(path(), 1000, 2)) {
            file.add("old");
            file.flush();
            Files.move(path(), path().resolveSibling("elsewhere"));
            file.add("new");
            file.flush();
            Files.delete(path());
            file.add("newer");
        }
        assertThat(path().resolveSibling("elsewhere")).hasContent("old");
        assertThat(path()).hasContent("newer");
    }

    @Test
    void a_file_that_cannot_be_written_loses_lines_and_is_tried_again_with_each() throws IOException {
        Files.writeString(folder.resolve("log"), "a file where the folder should be");
        try (LogFile file = new LogFile(path(), 1000, 2)) {
            assertThat(file.add("lost")).isFalse();
            file.flush();
            Files.delete(folder.resolve("log"));
            assertThat(file.add("there")).isTrue();
        }
        assertThat(path()).hasContent("there");
    }

    @Test
    void the_log_says_how_many_lines_a_full_disk_has_cost() throws IOException {
        Files.writeString(folder.resolve("log"), "a file where the folder should be");
        LogWriter writer = new LogWriter(
                new LogWriter.Target(new JsonFormat(() -> Events.NOON), new LogFile(path(), 10_000, 2)));
        writer.take(Events.numbered(1));
        writer.take(Events.numbered(2));
        Files.delete(folder.resolve("log"));
        writer.take(Events.numbered(3));
        writer.close();
        assertThat(Files.readAllLines(path())).hasSize(2);
        assertThat(Files.readString(path())).contains("\"id\":\"Q3\"").contains("\"event\":\"lost\",\"events\":\"2\"")
                .doesNotContain("Q1");
    }

    @Test
    void a_change_of_settings_takes_the_next_event_elsewhere() {
        LineFormat format = new JsonFormat(() -> Events.NOON);
        LogWriter writer = new LogWriter(new LogWriter.Target(format, new LogFile(folder.resolve("a"), 10_000, 2)));
        writer.take(Events.numbered(1));
        writer.change(new LogWriter.Target(format, new LogFile(folder.resolve("b"), 10_000, 2)));
        writer.take(Events.numbered(2));
        writer.close();
        assertThat(folder.resolve("a")).content().contains("Q1").doesNotContain("Q2");
        assertThat(folder.resolve("b")).content().contains("Q2").doesNotContain("Q1");
    }
}
