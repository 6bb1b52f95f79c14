package org.staffetta.mailbox.maildir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mailbox.Mailbox;
import org.staffetta.api.mailbox.Mailbox.Stored;

class MaildirStoreTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00.000005Z");

    @TempDir
    private Path outside;

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private Path root;
    private Path alice;
    private MaildirStore store;

    @BeforeEach
    void open() {
        root = outside.resolve("data/mailboxes");
        alice = root.resolve("demo.test/alice");
        store = MaildirStore.in(root, "mail.demo.test", now::get, new Random(1));
    }

    @Test
    void a_delivered_message_is_one_file_in_new_with_lf() throws IOException {
        deliver("alice@demo.test", "Subject: x\r\n\r\nbody\r\n");

        Path file = onlyFile(alice.resolve("new"));
        assertThat(Files.readString(file, ISO_8859_1)).isEqualTo("Return-Path: <bob@demo.test>\nSubject: x\n\nbody\n");
        assertThat(file.getFileName().toString())
                .matches("1795435200\\.M5P[0-9]+R[0-9a-f]{1,8}Q1\\.mail\\.demo\\.test,S=46,W=50");
        assertThat(alice.resolve("tmp")).isEmptyDirectory();
        assertThat(alice.resolve("cur")).isEmptyDirectory();
    }

    @Test
    void only_the_owner_may_look() throws IOException {
        deliver("alice@demo.test", "\r\n");

        for (Path folder : List.of(root, alice.getParent(), alice, alice.resolve("tmp"), alice.resolve("new"))) {
            assertThat(permissions(folder)).as("%s", folder).isEqualTo("rwx------");
        }
        assertThat(permissions(onlyFile(alice.resolve("new")))).isEqualTo("rw-------");
    }

    @Test
    void a_message_comes_back_with_crlf_and_its_size() throws IOException {
        String id = deliver("alice@demo.test", "Subject: x\r\n\r\n\u00ff\r\n..\r\nend");

        Stored stored = only("alice@demo.test");
        assertThat(stored.id()).isEqualTo(id).hasSizeBetween(1, 70);
        assertThat(stored.delivered()).isEqualTo(NOON);
        assertThat(read(stored)).isEqualTo("Return-Path: <bob@demo.test>\r\nSubject: x\r\n\r\n\u00ff\r\n..\r\nend");
        assertThat(stored.size()).isEqualTo(read(stored).length());
    }

    @Test
    void an_account_without_mail_has_an_empty_mailbox_and_no_folder() throws IOException {
        assertThat(store.open("alice@demo.test").messages()).isEmpty();
        assertThat(alice).doesNotExist();
    }

    @Test
    void messages_are_listed_oldest_first() throws IOException {
        now.set(NOON.plusSeconds(60));
        String second = deliver("alice@demo.test", "2\r\n");
        now.set(NOON);
        String first = deliver("alice@demo.test", "1\r\n");
        now.set(NOON.plusSeconds(120));
        String third = deliver("alice@demo.test", "3\r\n");

        assertThat(store.open("alice@demo.test").messages()).extracting(Stored::id).containsExactly(first, second,
                third);
    }

    @Test
    void a_message_keeps_its_id_when_another_program_moves_and_flags_it() throws IOException {
        String id = deliver("alice@demo.test", "x\r\n");
        Stored before = only("alice@demo.test");
        Path file = onlyFile(alice.resolve("new"));
        Files.move(file, alice.resolve("cur").resolve(file.getFileName() + ":2,S"));

        Stored after = only("alice@demo.test");
        assertThat(after.id()).isEqualTo(id);
        assertThat(after.size()).isEqualTo(before.size());
        assertThat(read(before)).isEqualTo(read(after));
        before.delete();
        assertThat(store.open("alice@demo.test").messages()).isEmpty();
    }

    @Test
    void a_deleted_message_is_gone_and_may_be_deleted_again() throws IOException {
        deliver("alice@demo.test", "x\r\n");
        Stored stored = only("alice@demo.test");

        stored.delete();
        stored.delete();

        assertThat(alice.resolve("new")).isEmptyDirectory();
        assertThatThrownBy(stored::open).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void what_other_programs_delivered_is_read_as_well() throws IOException {
        deliver("alice@demo.test", "x\r\n");
        only("alice@demo.test").delete();
        Path file = Files.writeString(alice.resolve("cur").resolve("1795435100.4711_1.other:2,RS"), "a\nb\r\n");
        Files.writeString(alice.resolve("cur").resolve(".hidden"), "no");
        Files.createDirectory(alice.resolve("new").resolve("folder"));
        Path strange = Files.writeString(alice.resolve("new").resolve("f\u00fcr " + "x".repeat(80)), "c\n");
        Files.setLastModifiedTime(strange, FileTime.from(NOON));

        List<Stored> messages = store.open("alice@demo.test").messages();

        assertThat(messages).hasSize(2);
        assertThat(messages.get(0).id()).isEqualTo("1795435100.4711_1.other");
        assertThat(messages.get(0).delivered()).isEqualTo(Instant.ofEpochSecond(1795435100));
        assertThat(messages.get(0).size()).isEqualTo(6);
        assertThat(read(messages.get(0))).isEqualTo("a\r\nb\r\n");
        assertThat(messages.get(1).id()).matches("[0-9a-f]{64}");
        assertThat(messages.get(1).delivered()).isEqualTo(NOON);
        assertThat(file).exists();
    }

    @Test
    void a_mailbox_that_an_operator_removed_comes_into_being_again() throws IOException {
        deliver("alice@demo.test", "1\r\n");
        Files.move(root.resolve("demo.test"), outside.resolve("away"));

        deliver("alice@demo.test", "2\r\n");

        assertThat(read(only("alice@demo.test"))).endsWith("2\r\n");
    }

    @Test
    void a_mailbox_that_lacks_a_folder_is_read_as_far_as_it_is_there() throws IOException {
        deliver("alice@demo.test", "x\r\n");
        Files.delete(alice.resolve("cur"));

        assertThat(read(only("alice@demo.test"))).endsWith("x\r\n");
    }

    @Test
    void a_large_message_passes_unchanged() throws IOException {
        String text = "Subject: x\r\n\r\n" + "0123456789abcdef\r\n".repeat(100_000) + "\r";
        deliver("alice@demo.test", text);

        assertThat(read(only("alice@demo.test"))).isEqualTo("Return-Path: <bob@demo.test>\r\n" + text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../x@demo.test", "..@..", "x@../../..", "/etc/passwd@demo.test", "..\\x@demo.test",
            ".@.",
            "%2e%2e@demo.test", "a\0b@demo.test", "a\u2215b@demo.test", "con@demo.test", "../..", "", "@",
            "tmp@demo.test",
            "new@demo.test", "\ud800@demo.test"})
    void no_account_leads_outside_of_the_store(String account) throws IOException {
        deliver("alice@demo.test", "x\r\n");
        deliver(account, "hostile\r\n");

        try (Stream<Path> files = Files.walk(outside)) {
            List<Path> made = files.filter(Files::isRegularFile).toList();
            assertThat(made).hasSize(2).allSatisfy(file -> {
                assertThat(file).startsWith(root);
                assertThat(root.relativize(file).getNameCount()).isEqualTo(4);
            });
        }
        assertThat(read(only(account))).endsWith("hostile\r\n");
        assertThat(read(only("alice@demo.test"))).endsWith("x\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo.test", "demo.test/alice", "demo.test/alice/tmp", "demo.test/alice/new"})
    void a_link_on_the_way_is_refused(String link) throws IOException {
        deliver("alice@demo.test", "x\r\n");
        Path elsewhere = outside.resolve("elsewhere");
        Files.move(root.resolve(link), elsewhere);
        Files.createSymbolicLink(root.resolve(link), elsewhere);
        List<Path> before = walk(elsewhere);

        assertThatThrownBy(() -> deliver("alice@demo.test", "y\r\n")).isInstanceOf(FileSystemException.class);

        assertThat(walk(elsewhere)).isEqualTo(before);
    }

    @Test
    void a_message_that_is_a_link_is_not_read() throws IOException {
        deliver("alice@demo.test", "x\r\n");
        Path secret = Files.writeString(outside.resolve("secret"), "secret");
        Files.createSymbolicLink(alice.resolve("cur").resolve("1.M1P1.x"), secret);
        Files.createSymbolicLink(alice.resolve("cur").resolve("2.M1P1.x,S=6,W=6"), secret);

        List<Stored> messages = store.open("alice@demo.test").messages();

        assertThat(messages).extracting(Stored::id).contains("2.M1P1.x").doesNotContain("1.M1P1.x");
        assertThatThrownBy(() -> messages.get(0).open()).isInstanceOf(IOException.class);
    }

    @Test
    void unfinished_files_are_removed_after_36_hours() throws IOException {
        deliver("alice@demo.test", "x\r\n");
        Path old = Files.writeString(alice.resolve("tmp/old"), "half a mess");
        Path young = Files.writeString(alice.resolve("tmp/young"), "half a mess");
        Files.setLastModifiedTime(old, FileTime.from(NOON.minus(Duration.ofHours(36)).minusSeconds(1)));
        Files.setLastModifiedTime(young, FileTime.from(NOON.minus(Duration.ofHours(36)).plusSeconds(1)));
        Files.createSymbolicLink(root.resolve("link"), outside);
        Files.writeString(root.resolve("file"), "somebody's note");

        assertThat(store.removeStaleFiles()).isEqualTo(1);

        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(alice.resolve("new")).isNotEmptyDirectory();
    }

    private String deliver(String account, String text) throws IOException {
        return store.open(account).deliver(TextMessage.of(text), List.of(Header.of("Return-Path", "<bob@demo.test>")));
    }

    private Stored only(String account) throws IOException {
        Mailbox mailbox = store.open(account);
        assertThat(mailbox.messages()).hasSize(1);
        return mailbox.messages().getFirst();
    }

    private static String read(Stored stored) throws IOException {
        try (InputStream in = stored.open()) {
            return new String(in.readAllBytes(), ISO_8859_1);
        }
    }

    private static Path onlyFile(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList().getFirst();
        }
    }

    private static List<Path> walk(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.sorted().toList();
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
