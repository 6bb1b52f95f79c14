package org.staffetta.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("plugins/history");
    }

    private static Past past(String action, String version, boolean succeeded) {
        return new Past(Instant.EPOCH, action, "x.jar", "org.example.x", version, "digest of " + version, succeeded, "",
                "read 1 ms");
    }

    @Test
    void it_is_there_after_a_restart() {
        History history = new History(file());
        history.add(past("install", "1.0.0", true));
        history.add(past("update", "1.1.0", false));
        assertThat(new History(file()).all()).isEqualTo(history.all()).hasSize(2);
    }

    @Test
    void a_line_that_was_torn_by_a_crash_is_passed_over_and_the_next_one_is_whole() throws Exception {
        History history = new History(file());
        history.add(past("install", "1.0.0", true));
        String torn = past("update", "1.1.0", true).line().substring(0, 40);
        Files.write(file(), torn.getBytes(UTF_8), StandardOpenOption.APPEND);
        History after = new History(file());
        assertThat(after.all()).isEqualTo(history.all());
        after.add(past("update", "1.2.0", true));
        assertThat(new History(file()).all()).extracting(Past::version).containsExactly("1.0.0", "1.2.0");
    }

    @Test
    void the_oldest_are_forgotten() {
        History history = new History(file());
        for (int i = 0; i <= 1_200; i++) {
            history.add(past("update", "1." + i, true));
        }
        assertThat(history.all()).hasSize(1_000);
        assertThat(new History(file()).all()).isEqualTo(history.all());
    }

    @Test
    void what_was_rolled_back_from_is_no_way_back() {
        History history = new History(file());
        history.add(past("install", "1", true));
        history.add(past("update", "2", true));
        history.add(past("update", "3", false));
        history.add(past("update", "4", true));
        assertThat(history.stack("x.jar")).extracting(Past::version).containsExactly("1", "2", "4");
        history.add(past("rollback", "2", true));
        assertThat(history.stack("x.jar")).extracting(Past::version).containsExactly("1", "2");
        assertThat(history.lastGood("x.jar")).map(Past::version).contains("2");
        assertThat(history.lastGood("y.jar")).isEmpty();
    }

    @Property
    void whatever_is_in_a_reason_it_stays_one_line_of_nine_fields(@ForAll String reason) {
        Past past = new Past(Instant.EPOCH, "install", "x.jar", "", "", "", false, reason, "");
        String line = past.line();
        assertThat(line).doesNotContain("\n").doesNotContain("\r");
        assertThat(Past.parse(line)).isPresent();
    }
}
