package org.staffetta.mailboxes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.mailbox.MailboxScope;
import org.staffetta.api.migration.Progress;

class JournalTest {

    private static final Order ORDER = new Order("m1", "old", "new", MailboxScope.domain("demo.test"),
            Instant.parse("2026-11-23T12:00:00.123Z"), Progress.State.RUNNING, 1, 2, 3);

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void file() {
        file = folder.resolve("places");
    }

    @Test
    void what_was_noted_is_known_after_a_restart() throws IOException {
        try (Places places = Places.open(file, "old")) {
            places.put("alice\t\n%\ud800@x", new Place("new", "old"));
            places.put("bob", Place.in("new"), ORDER);
            places.put(ORDER.with(Progress.State.CANCELLED));
        }
        try (Places places = Places.open(file, "another")) {
            assertThat(places.base()).isEqualTo("old");
            assertThat(places.find("alice\t\n%\ud800@x")).contains(new Place("new", "old"));
            assertThat(places.find("bob")).contains(Place.in("new"));
            assertThat(places.orders()).containsExactly(ORDER.with(Progress.State.CANCELLED));
            assertThat(places.noted("old")).containsExactly("alice\t\n%\ud800@x");
            assertThat(places.noted("new")).hasSize(2);
        }
    }

    @Test
    void a_new_base_makes_the_places_that_are_the_same_superfluous() throws IOException {
        try (Places places = Places.open(file, "old")) {
            places.put("alice", Place.in("new"));
            places.put("bob", Place.in("third"));
            places.moveBase("new");
            assertThat(places.find("alice")).isEmpty();
        }
        try (Places places = Places.open(file, "old")) {
            assertThat(places.base()).isEqualTo("new");
            assertThat(places.find("alice")).isEmpty();
            assertThat(places.find("bob")).contains(Place.in("third"));
        }
    }

    @Test
    void a_last_line_that_was_cut_off_anywhere_is_left_out_and_the_others_are_kept() throws IOException {
        long before;
        try (Places places = Places.open(file, "old")) {
            places.put("alice", Place.in("new"));
            before = Files.size(file);
            places.put("bob", Place.in("new"));
        }
        byte[] whole = Files.readAllBytes(file);
        for (int length = (int) before; length < whole.length; length++) {
            Path torn = folder.resolve("torn" + length);
            Files.write(torn, Arrays.copyOf(whole, length));
            try (Places places = Places.open(torn, "old")) {
                assertThat(places.find("alice")).contains(Place.in("new"));
                assertThat(places.find("bob")).as("%s octets", length).isEmpty();
                places.put("carol", Place.in("new"));
            }
            try (Places places = Places.open(torn, "old")) {
                assertThat(places.find("carol")).contains(Place.in("new"));
            }
        }
    }

    @Test
    void damage_in_the_middle_is_told_and_nothing_is_guessed() throws IOException {
        try (Places places = Places.open(file, "old")) {
            places.put("alice", Place.in("new"));
            places.put("bob", Place.in("new"));
        }
        String text = Files.readString(file);
        Files.writeString(file, text.replace("alice", "alicf"));

        assertThatThrownBy(() -> Places.open(file, "old")).isInstanceOf(IOException.class)
                .hasMessage(file + ": line 2 is damaged; where mailboxes are is not known");
    }

    @Test
    void a_line_that_a_newer_version_wrote_is_not_passed_over() throws IOException {
        Journal journal = new Journal(file);
        journal.rewrite(java.util.stream.Stream.of(Fields.line("shard", "7")));
        journal.close();

        assertThatThrownBy(() -> Places.open(file, "old")).isInstanceOf(IOException.class)
                .hasMessageContaining("not known: shard");
    }

    @Test
    void nothing_is_noted_after_the_end() throws IOException {
        Places places = Places.open(file, "old");
        places.close();

        assertThatThrownBy(() -> places.put("alice", Place.in("new"))).isInstanceOf(IOException.class);
        assertThat(places.find("alice")).isEmpty();
    }

    @Test
    void a_journal_that_grew_is_written_anew() throws IOException {
        try (Places places = Places.open(file, "old")) {
            String name = "x".repeat(200_000);
            for (int i = 0; i < 30; i++) {
                places.put(name, Place.in("new" + i));
            }
            assertThat(Files.size(file)).isLessThan(3_000_000);
            assertThat(places.find(name)).isEqualTo(Optional.of(Place.in("new29")));
        }
    }

    @Test
    void only_the_last_migrations_that_are_over_are_remembered() throws IOException {
        try (Places places = Places.open(file, "old")) {
            for (int i = 0; i < 30; i++) {
                places.put(new Order("m" + i, "a", "b", MailboxScope.ALL, Instant.EPOCH,
                        i == 0 ? Progress.State.CANCELLED : Progress.State.DONE, 0, 0, 0));
            }
        }
        try (Places places = Places.open(file, "old")) {
            assertThat(places.orders()).hasSize(21).extracting(Order::id).contains("m0", "m29").doesNotContain("m9");
        }
    }

    @Property(tries = 300)
    void any_text_is_one_line(@ForAll String one, @ForAll String other) {
        String line = Fields.line(one, other);
        assertThat(line).doesNotContain("\n", "\r");
        assertThat(Fields.of(line)).containsExactly(one, other);
    }
}
