package org.staffetta.directory.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.directory.DirectoryEntry.Account;
import org.staffetta.api.mail.Address;

class LiveTableTest {

    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
    private static final String ALICE = "domain d.test\npostmaster alice@d.test\naccount alice@d.test\n";

    @TempDir
    private Path conf;

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final List<String> alarms = new ArrayList<>();
    private Path file;
    private LiveTable live;

    @BeforeEach
    void open() {
        file = conf.resolve("directory.txt");
        live = live(Optional.empty());
    }

    @Test
    void the_file_is_read_at_the_start() throws IOException {
        write(ALICE, START.minusSeconds(60));
        live.load();

        assertThat(knows("alice@d.test")).isTrue();
        assertThat(alarms).isEmpty();
    }

    @Test
    void without_a_file_nobody_can_be_looked_up_and_that_is_said_once() throws IOException {
        live.load();
        live.poll();
        live.poll();

        String reason = file + " is not there; it is a text file with lines such as \"domain demo.test\"";
        assertThatThrownBy(() -> live.table()).isInstanceOf(IOException.class).hasMessage(reason);
        assertThat(alarms).containsExactly(reason);

        write(ALICE, START);
        live.poll();
        live.poll();
        assertThat(knows("alice@d.test")).isTrue();
    }

    @Test
    void a_change_is_in_force_when_two_looks_show_the_same() throws IOException {
        write(ALICE, START.minusSeconds(60));
        live.load();
        write(ALICE + "account bob@d.test\n", START);
        live.poll();
        assertThat(knows("bob@d.test")).isFalse();

        write(ALICE + "account bob@d.test\naccount carl@d.test\n", START.plusSeconds(1));
        live.poll();
        assertThat(knows("bob@d.test")).isFalse();

        live.poll();
        assertThat(knows("bob@d.test")).isTrue();
        assertThat(knows("carl@d.test")).isTrue();
    }

    @Test
    void a_second_change_within_the_same_time_stamp_is_noticed() throws IOException {
        write(ALICE + "account bob@d.test\n", START);
        live.load();
        write(ALICE + "account bea@d.test\n", START);
        live.poll();
        live.poll();

        assertThat(knows("bea@d.test")).isTrue();
        assertThat(knows("bob@d.test")).isFalse();
    }

    @Test
    void a_bad_file_keeps_the_old_one_in_force_and_is_told_once() throws IOException {
        write(ALICE, START.minusSeconds(60));
        live.load();
        write(ALICE + "acount bob@d.test\n", START);
        for (int i = 0; i < 5; i++) {
            live.poll();
        }

        assertThat(knows("alice@d.test")).isTrue();
        assertThat(alarms).containsExactly(
                file + ":4: 'acount' is unknown; allowed: domain, account, alias, catch-all, postmaster"
                        + " (what was read before stays in force)");

        write(ALICE, START.plusSeconds(5));
        live.poll();
        live.poll();
        write(ALICE + "acount bob@d.test\n", START.plusSeconds(9));
        live.poll();
        live.poll();
        assertThat(alarms).hasSize(2);
    }

    @Test
    void a_file_that_goes_keeps_what_was_read_in_force() throws IOException {
        write(ALICE, START.minusSeconds(60));
        live.load();
        Files.delete(file);
        live.poll();
        live.poll();
        live.poll();

        assertThat(knows("alice@d.test")).isTrue();
        assertThat(alarms).hasSize(1);

        write(ALICE + "account bob@d.test\n", START);
        live.poll();
        live.poll();
        assertThat(knows("bob@d.test")).isTrue();
    }

    @Test
    void a_file_that_is_exchanged_for_another_of_the_same_time_and_size_is_read() throws IOException {
        write(ALICE + "account bob@d.test\n", START.minusSeconds(60));
        live.load();
        Path other = Files.writeString(conf.resolve("other"), ALICE + "account bea@d.test\n");
        Files.setLastModifiedTime(other, FileTime.from(START.minusSeconds(60)));
        Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        live.poll();
        live.poll();

        assertThat(knows("bea@d.test")).isTrue();
    }

    @Test
    void a_file_that_becomes_readable_is_read_though_its_time_is_the_same() throws IOException {
        // a folder in its place can be seen but not read, even by a superuser
        Files.createDirectory(file);
        live.load();
        live.poll();
        live.poll();
        assertThat(alarms).hasSize(1).first().asString().startsWith(file + " cannot be read: ");

        Files.delete(file);
        write(ALICE, START.minusSeconds(60));
        live.poll();
        live.poll();
        assertThat(knows("alice@d.test")).isTrue();
    }

    @Test
    void with_new_settings_the_old_table_serves_until_the_new_file_can_be_read() throws IOException {
        write(ALICE, START.minusSeconds(60));
        live.load();
        file = conf.resolve("new.txt");
        LiveTable next = live(live.current());
        next.load();

        assertThat(next.table().find(Address.parse("alice@d.test"))).isInstanceOf(Account.class);
        assertThat(alarms).hasSize(1);
    }

    private LiveTable live(Optional<DirectoryTable> fallback) {
        return new LiveTable(file, "+", 1 << 16, fallback, now::get, alarms::add);
    }

    private void write(String text, Instant modified) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(modified));
    }

    private boolean knows(String address) throws IOException {
        return live.table().find(Address.parse(address)) instanceof Account;
    }
}
