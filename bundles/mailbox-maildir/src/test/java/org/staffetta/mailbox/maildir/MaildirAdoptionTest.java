package org.staffetta.mailbox.maildir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.security.SecureRandom;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.mailbox.Mailbox;
import org.staffetta.api.mailbox.Mailbox.Stored;
import org.staffetta.mailbox.maildir.FaultyFolder.Fault;

/** Messages of other stores, and what other programs do to ours. */
class MaildirAdoptionTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00.000005Z");

    @TempDir
    private Path root;

    private record Original(String id, Instant delivered, Set<String> flags, String text) implements Stored {

        @Override
        public long size() {
            return text.length();
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(text.getBytes(ISO_8859_1));
        }

        @Override
        public boolean delete() {
            throw new UnsupportedOperationException("who adopts does not delete");
        }
    }

    private static Original original(String id, String... flags) {
        return new Original(id, NOON, Set.of(flags), "Subject: x\r\n\r\nbody\r\n");
    }

    private Mailbox alice() {
        return store(root, new Fault(0, false)).open("alice@demo.test");
    }

    private Path folder(String name) {
        return root.resolve("demo.test/alice").resolve(name);
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @Test
    void what_has_no_flags_is_new_with_lf_its_id_and_its_time() throws IOException {
        alice().adopt(original("0T42AXD5K0ABC"));

        Path file = files(folder("new")).getFirst();
        assertThat(file.getFileName()).hasToString("0T42AXD5K0ABC,S=17,W=20,D=1795435200000005");
        assertThat(Files.readString(file)).isEqualTo("Subject: x\n\nbody\n");
        assertThat(Files.getLastModifiedTime(file).toInstant()).isEqualTo(NOON);
        assertThat(folder("tmp")).isEmptyDirectory();
    }

    @Test
    void what_has_flags_is_in_cur_as_others_expect_it() throws IOException {
        alice().adopt(original("1.M1P1.host", "\\Seen", "\\Answered", "$Forwarded", "$Maildir-b", "$Maildir-a"));
        alice().adopt(original("2.M1P1.host", "$Junk", "a+b"));

        assertThat(files(folder("cur"))).extracting(file -> file.getFileName().toString()).containsExactly(
                "1.M1P1.host,S=17,W=20,D=1795435200000005:2,PRSab",
                "2.M1P1.host,S=17,W=20,D=1795435200000005,K=%24Junk+a%2Bb:2,");
        assertThat(alice().find("2.M1P1.host").orElseThrow().flags()).containsExactlyInAnyOrder("$Junk", "a+b");
    }

    @ParameterizedTest
    @CsvSource({"'1.x:2,', ''", "'1.x:2,S', \\Seen", "'1.x:2,DFPRSTab',"
            + " $Forwarded $Maildir-a $Maildir-b \\Answered \\Deleted \\Draft \\Flagged \\Seen",
            "'1.x:2,?Zä', ''", "'1.x:1,S', ''", "'1.x,K=%zz:2,S', %zz \\Seen"})
    void the_flags_that_other_programs_set_are_read(String name, String flags) throws IOException {
        Files.createDirectories(folder("cur"));
        Files.writeString(folder("cur").resolve(name), "x\n");

        assertThat(String.join(" ", alice().messages().getFirst().flags())).isEqualTo(flags);
    }

    @Test
    void flags_are_read_as_they_are_now_and_not_as_they_were_listed() throws IOException {
        alice().adopt(original("1.x"));
        Stored stored = alice().messages().getFirst();
        Path file = files(folder("new")).getFirst();
        Path moved = Files.move(file, folder("cur").resolve(file.getFileName() + ":2,S"));
        assertThat(stored.flags()).containsExactly("\\Seen");

        Files.move(moved, folder("cur").resolve(file.getFileName() + ":2,FS"));
        assertThat(stored.flags()).containsExactly("\\Flagged", "\\Seen");

        assertThat(stored.delete()).isTrue();
        assertThatThrownBy(stored::flags).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void a_message_that_another_program_took_away_is_adopted_anew() throws IOException {
        Mailbox mailbox = alice();
        mailbox.adopt(original("1.x"));
        Files.delete(files(folder("new")).getFirst());

        mailbox.adopt(original("1.x", "\\Seen"));

        assertThat(mailbox.messages()).hasSize(1);
        assertThat(files(folder("cur"))).hasSize(1);
    }

    @Test
    void keywords_that_would_make_the_name_too_long_are_left_out() throws IOException {
        alice().adopt(original("1.x", "a".repeat(99), "b".repeat(99), "\\Seen"));

        assertThat(alice().messages().getFirst().flags()).containsExactly("\\Seen", "a".repeat(99));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../x", "a/b", "a:2,S", "a,b", ".hidden", "", "a b", "\u00fc"})
    void an_id_that_is_no_name_for_a_file_is_refused(String id) {
        assertThatThrownBy(() -> alice().adopt(original(id))).isInstanceOf(IOException.class)
                .hasMessageContaining("not an id");
        assertThat(folder("tmp")).satisfiesAnyOf(tmp -> assertThat(tmp).doesNotExist(),
                tmp -> assertThat(tmp).isEmptyDirectory());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_adoption_that_fails_at_any_step_leaves_all_or_nothing_and_can_be_repeated(boolean dies) throws IOException {
        Original original = original("1.x", "\\Seen");
        for (int n = 1; n < 200; n++) {
            Path place = root.resolve("r" + n);
            Fault fault = new Fault(n, dies);
            boolean adopted = tryAdoption(store(place, fault).open("alice@demo.test"), original);
            Mailbox after = store(place, new Fault(0, false)).open("alice@demo.test");
            assertThat(after.messages()).as("after failure of operation %s", n).hasSizeBetween(adopted ? 1 : 0, 1);

            after.adopt(original);

            assertThat(after.messages()).hasSize(1);
            assertThat(after.messages().getFirst().flags()).containsExactly("\\Seen");
            if (!fault.struck()) {
                assertThat(n).isGreaterThan(25);
                return;
            }
        }
        throw new AssertionError("there was no end");
    }

    @Test
    void flags_that_change_at_any_failing_step_are_the_old_or_the_new_ones() throws IOException {
        for (int n = 1; n < 200; n++) {
            Path place = root.resolve("f" + n);
            store(place, new Fault(0, false)).open("alice@demo.test").adopt(original("1.x"));
            Fault fault = new Fault(n, true);
            boolean adopted = tryAdoption(store(place, fault).open("alice@demo.test"), original("1.x", "\\Seen"));
            List<Stored> after = store(place, new Fault(0, false)).open("alice@demo.test").messages();
            assertThat(after).as("after failure of operation %s", n).hasSize(1);
            assertThat(after.getFirst().flags()).isIn(Set.of("\\Seen"), Set.of());
            if (!fault.struck()) {
                assertThat(adopted).isTrue();
                assertThat(after.getFirst().flags()).containsExactly("\\Seen");
                return;
            }
        }
        throw new AssertionError("there was no end");
    }

    @Test
    void what_is_no_mailbox_of_ours_is_no_account() throws IOException {
        MaildirStore store = store(root, new Fault(0, false));
        String longName = "x".repeat(300) + "@demo.test";
        store.open("alice@demo.test").adopt(original("1.x"));
        store.open(longName).adopt(original("1.x"));
        Files.writeString(root.resolve("note"), "not a domain");
        Files.createSymbolicLink(root.resolve("link"), root.resolve("demo.test"));
        Files.createDirectories(root.resolve("demo.test/Alice/new"));
        Files.createDirectories(root.resolve("demo.test/%long-" + "0".repeat(64)));
        Files.createDirectories(root.resolve("demo.test/%zz"));

        try (Stream<String> accounts = store.accounts()) {
            assertThat(accounts).containsExactlyInAnyOrder("alice@demo.test", longName);
        }
    }

    @Test
    void accounts_that_cannot_be_read_do_not_pass_for_none() throws IOException {
        store(root, new Fault(0, false)).open("alice@demo.test").adopt(original("1.x"));
        for (int n = 1; n < 100; n++) {
            Fault fault = new Fault(n, false);
            try (Stream<String> accounts = store(root, fault).accounts()) {
                assertThat(accounts.toList()).as("failure of operation %s", n).containsExactly("alice@demo.test");
            } catch (IOException | UncheckedIOException told) {
                assertThat(fault.struck()).isTrue();
            }
            if (!fault.struck()) {
                assertThat(n).isGreaterThan(3);
                return;
            }
        }
        throw new AssertionError("there was no end");
    }

    @Test
    void a_message_of_another_program_keeps_its_time_to_the_microsecond() throws IOException {
        Files.createDirectories(folder("cur"));
        Path file = Files.writeString(folder("cur").resolve("strange name"), "x\n");
        Files.setLastModifiedTime(file, FileTime.from(NOON));
        Stored original = alice().messages().getFirst();

        Mailbox other = store(root.resolve("other"), new Fault(0, false)).open("alice@demo.test");
        Stored adopted = other.adopt(original);

        assertThat(adopted.id()).isEqualTo(original.id());
        assertThat(adopted.delivered()).isEqualTo(NOON);
        assertThat(adopted.size()).isEqualTo(3);
    }

    private static boolean tryAdoption(Mailbox mailbox, Original original) {
        try {
            mailbox.adopt(original);
            return true;
        } catch (IOException failed) {
            return false;
        }
    }

    private static MaildirStore store(Path folder, Fault fault) {
        return new MaildirStore(() -> {
            DiskFolder.makeRoot(folder);
            fault.step();
            return new FaultyFolder(DiskFolder.root(folder), fault);
        }, "host", () -> NOON, new SecureRandom());
    }
}
