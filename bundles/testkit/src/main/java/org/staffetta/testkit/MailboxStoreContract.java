package org.staffetta.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mailbox.Mailbox;
import org.staffetta.api.mailbox.Mailbox.Stored;
import org.staffetta.api.mailbox.MailboxStore;
import org.staffetta.api.mailbox.MailboxTotals;

/** What every mailbox store must do. A test of a store extends it and says how to open one. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
public abstract class MailboxStoreContract {

    protected static final String ALICE = "alice@demo.test";
    protected static final List<Header> TRACE = List.of(Header.of("Return-Path", "<bob@demo.test>"),
            Header.of("Delivered-To", ALICE));
    protected static final Instant NOON = Instant.parse("2026-11-23T12:00:00.000005Z");

    private static final String HEAD = "Return-Path: <bob@demo.test>\r\nDelivered-To: alice@demo.test\r\n";

    private volatile Instant now = NOON;

    /** The clock that the store must go by. */
    protected InstantSource clock() {
        return () -> now;
    }

    protected void setClock(Instant moment) {
        now = moment;
    }

    /** The store under test; the same for the whole test. */
    protected abstract MailboxStore store() throws IOException;

    /** Closes the store and opens it again, as a restart does. */
    protected abstract MailboxStore reopen() throws IOException;

    /**
     * A message of these octets.
     *
     * @param size what it says its size is
     */
    protected record Octets(byte[] octets, long size) implements Message {

        public static Octets of(String text) {
            byte[] octets = text.getBytes(ISO_8859_1);
            return new Octets(octets, octets.length);
        }

        @Override
        public List<Header> headers() {
            throw new UnsupportedOperationException("a store does not need them");
        }

        @Override
        public InputStream open() throws IOException {
            return new ByteArrayInputStream(octets);
        }

        @Override
        public InputStream openBody() {
            throw new UnsupportedOperationException("a store does not need it");
        }
    }

    protected String deliver(String account, String text) throws IOException {
        return store().open(account).deliver(Octets.of(text), TRACE);
    }

    protected static String read(Stored stored) throws IOException {
        try (InputStream in = stored.open()) {
            return new String(in.readAllBytes(), ISO_8859_1);
        }
    }

    private Stored only(String account) throws IOException {
        List<Stored> messages = store().open(account).messages();
        assertThat(messages).hasSize(1);
        return messages.getFirst();
    }

    @Test
    void a_message_comes_back_as_it_was_delivered_below_its_trace() throws IOException {
        String id = deliver(ALICE, "Subject: x\r\n\r\n\u00ff\r\n..\r\nend");

        Stored stored = only(ALICE);
        // RFC 1939 section 7: a unique-id is 1 to 70 characters from ! to ~
        assertThat(stored.id()).isEqualTo(id).matches("(?!\\.)[!-~&&[^/:,]]{1,70}");
        assertThat(stored.flags()).isEmpty();
        assertThat(stored.delivered()).isEqualTo(NOON);
        assertThat(read(stored)).isEqualTo(HEAD + "Subject: x\r\n\r\n\u00ff\r\n..\r\nend");
        assertThat(read(stored)).as("again").isEqualTo(read(stored));
        assertThat(stored.size()).isEqualTo(read(stored).length());
    }

    @Test
    void messages_of_all_sizes_come_back_octet_for_octet() throws IOException {
        List<String> texts = new ArrayList<>();
        for (int size : new int[]{0, 1, 4096, 65535, 65536, 131_072 - HEAD.length(), 131_073 - HEAD.length(), 262_144,
                1 << 20}) {
            String text = "0123456789abcde\r\n".repeat(size / 17 + 1).substring(0, size);
            texts.add(HEAD + text);
            deliver(ALICE, text);
        }
        List<String> found = new ArrayList<>();
        for (Stored stored : reopen().open(ALICE).messages()) {
            assertThat(stored.size()).isEqualTo(read(stored).length());
            found.add(read(stored));
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(texts);
    }

    @Test
    void an_account_without_mail_has_an_empty_mailbox() throws IOException {
        assertThat(store().open(ALICE).messages()).isEmpty();
    }

    @Test
    void messages_are_listed_oldest_first() throws IOException {
        setClock(NOON.plusSeconds(60));
        String second = deliver(ALICE, "2\r\n");
        setClock(NOON);
        String first = deliver(ALICE, "1\r\n");
        setClock(NOON.plusSeconds(120));
        String third = deliver(ALICE, "3\r\n");

        assertThat(store().open(ALICE).messages()).extracting(Stored::id).containsExactly(first, second, third);
        assertThat(reopen().open(ALICE).messages()).extracting(Stored::id).containsExactly(first, second, third);
    }

    @Test
    void a_deleted_message_is_gone_for_good_and_may_be_deleted_again() throws IOException {
        for (int size : new int[]{1, 1 << 20}) {
            deliver(ALICE, "x".repeat(size));
            Stored stored = only(ALICE);

            assertThat(stored.delete()).isTrue();
            assertThat(stored.delete()).as("once more").isFalse();

            assertThat(store().open(ALICE).messages()).isEmpty();
            assertThat(store().open(ALICE).find(stored.id())).isEmpty();
            assertThatThrownBy(stored::open).isInstanceOf(IOException.class);
            assertThatThrownBy(stored::flags).isInstanceOf(IOException.class);
        }
        assertThat(reopen().open(ALICE).messages()).isEmpty();
    }

    @Test
    void an_id_is_not_used_twice() throws IOException {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            assertThat(ids.add(deliver(ALICE, i + "\r\n"))).isTrue();
            only(ALICE).delete();
            if (i % 5 == 0) {
                reopen();
            }
        }
    }

    @Test
    void a_message_that_ends_early_or_cannot_be_read_is_not_delivered() throws IOException {
        for (int size : new int[]{10, 1 << 20}) {
            Octets early = new Octets(new byte[size], size + 1);
            assertThatThrownBy(() -> store().open(ALICE).deliver(early, TRACE)).isInstanceOf(IOException.class);
            Message broken = new Message() {

                @Override
                public List<Header> headers() {
                    return List.of();
                }

                @Override
                public long size() {
                    return size + 1;
                }

                @Override
                public InputStream open() {
                    return new java.io.SequenceInputStream(new ByteArrayInputStream(new byte[size]), new InputStream() {
                        @Override
                        public int read() throws IOException {
                            throw new IOException("the storage failed");
                        }
                    });
                }

                @Override
                public InputStream openBody() {
                    return open();
                }
            };
            assertThatThrownBy(() -> store().open(ALICE).deliver(broken, TRACE)).isInstanceOf(IOException.class);
        }
        assertThat(store().open(ALICE).messages()).isEmpty();
        assertThat(reopen().open(ALICE).messages()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../x@demo.test", "..@..", "x@../../..", "/etc/passwd@demo.test", "..\\x@demo.test",
            "%2e%2e@demo.test", "a\0b@demo.test", "a\u2215b@demo.test", "ALICE@demo.test", "", "@", "alice@demo.test ",
            "' OR '1'='1", "grün@bücher.example", "\ud800@demo.test", "\ud83d\ude00@demo.test"})
    void each_account_has_a_mailbox_of_its_own_whatever_its_name_is(String account) throws IOException {
        deliver(ALICE, "alice's\r\n");
        deliver(account, "other's\r\n");

        assertThat(read(only(account))).endsWith("other's\r\n");
        assertThat(read(only(ALICE))).endsWith("alice's\r\n");
    }

    @Test
    void long_names_are_told_apart_by_their_last_character() throws IOException {
        String name = "a".repeat(3000);
        deliver(name + "1", "1\r\n");
        deliver(name + "2", "2\r\n");

        assertThat(read(only(name + "1"))).endsWith("1\r\n");
        assertThat(read(only(name + "2"))).endsWith("2\r\n");
    }

    @Test
    void what_many_deliver_at_once_arrives_once_each() throws Exception {
        List<Future<String>> deliveries = new ArrayList<>();
        MailboxStore store = store();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                Mailbox mailbox = store.open("user" + i % 4 + "@demo.test");
                Octets message = Octets.of(i + "\r\n");
                deliveries.add(threads.submit(() -> mailbox.deliver(message, TRACE)));
            }
        }
        List<String> told = new ArrayList<>();
        for (Future<String> delivery : deliveries) {
            told.add(delivery.get());
        }
        List<String> found = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            store.open("user" + i + "@demo.test").messages().forEach(stored -> found.add(stored.id()));
        }
        assertThat(found).hasSize(200).doesNotHaveDuplicates().containsAll(told);
    }

    @Test
    void mail_that_comes_while_a_mailbox_is_read_does_not_disturb() throws IOException {
        byte[] octets = new byte[1 << 20];
        Arrays.fill(octets, (byte) 'x');
        store().open(ALICE).deliver(new Octets(octets, octets.length), List.of());
        Stored stored = only(ALICE);
        try (InputStream in = stored.open()) {
            assertThat(in.readNBytes(1000)).hasSize(1000);
            deliver(ALICE, "next\r\n");
            assertThat(in.readAllBytes()).hasSize(octets.length - 1000);
        }
        assertThat(store().open(ALICE).messages()).hasSize(2);
    }

    @Test
    void of_several_who_delete_a_message_one_does() throws Exception {
        for (int round = 0; round < 20; round++) {
            deliver(ALICE, "x\r\n");
            List<Stored> listed = List.of(only(ALICE), only(ALICE), only(ALICE), only(ALICE));
            List<Future<Boolean>> deletions = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                listed.forEach(own -> deletions.add(threads.submit(own::delete)));
            }
            int deleted = 0;
            for (Future<Boolean> deletion : deletions) {
                deleted += deletion.get() ? 1 : 0;
            }
            assertThat(deleted).isEqualTo(1);
        }
    }

    @Test
    void messages_are_found_by_id_and_counted() throws IOException {
        String first = deliver(ALICE, "1\r\n");
        String second = deliver(ALICE, "2\r\n");

        Mailbox mailbox = store().open(ALICE);
        assertThat(read(mailbox.find(second).orElseThrow())).endsWith("2\r\n");
        assertThat(mailbox.find(first)).map(Stored::delivered).contains(NOON);
        assertThat(mailbox.find("no-such-id")).isEmpty();
        assertThat(mailbox.count()).isEqualTo(2);
        assertThat(store().open("bob@demo.test").count()).isZero();
        assertThat(store().open("bob@demo.test").find(first)).as("another account's").isEmpty();
    }

    /** A message as another store has it. */
    protected record Foreign(String id, Instant delivered, Set<String> flags, Octets octets) implements Stored {

        public static Foreign of(String id, String text, String... flags) {
            return new Foreign(id, NOON.minusSeconds(86_400), Set.of(flags), Octets.of(text));
        }

        @Override
        public long size() {
            return octets.size();
        }

        @Override
        public InputStream open() throws IOException {
            return octets.open();
        }

        @Override
        public boolean delete() {
            throw new UnsupportedOperationException("who adopts does not delete");
        }
    }

    private static final String[] ALL_FLAGS = {"\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft",
            "$Forwarded",
            "$Junk", "NonJunk", "a.b-c"};

    private void assertSame(Stored found, Stored original) throws IOException {
        assertThat(found.id()).isEqualTo(original.id());
        assertThat(found.delivered()).isEqualTo(original.delivered());
        assertThat(found.flags()).isEqualTo(original.flags());
        assertThat(read(found)).isEqualTo(read(original));
        assertThat(found.size()).isEqualTo(original.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1795435100.4711_1.other", "0T42AXD5K0ABC", "1795435200.M5P4711R1a2b3c4dQ1.mail.demo.test",
            "x", "0", "~!$&'()*+;<=>?@[]^_`{|}\"\\#%",
            "0123456789012345678901234567890123456789012345678901234567890123456789"})
    void an_adopted_message_is_what_it_was_elsewhere(String id) throws IOException {
        Foreign plain = Foreign.of(id, HEAD + "Subject: x\r\n\r\n\u00ff\r\n..\r\nend");
        Foreign flagged = Foreign.of("F" + id.substring(1), HEAD + "2\r\n", ALL_FLAGS);
        for (Foreign original : List.of(plain, flagged)) {
            Stored adopted = store().open(ALICE).adopt(original);

            assertSame(adopted, original);
            assertSame(store().open(ALICE).find(original.id()).orElseThrow(), original);
        }
        deliver(ALICE, "new\r\n");
        assertThat(reopen().open(ALICE).messages()).as("oldest first").hasSize(3).last()
                .returns(NOON, Stored::delivered);
        assertSame(store().open(ALICE).find(id).orElseThrow(), plain);
        assertSame(store().open(ALICE).find(flagged.id()).orElseThrow(), flagged);
    }

    @Test
    void what_is_adopted_again_is_there_once_with_the_flags_of_the_last_time() throws IOException {
        Mailbox mailbox = store().open(ALICE);
        for (String text : List.of("small\r\n", "x".repeat(1 << 20))) {
            mailbox.adopt(Foreign.of("id", text));
            mailbox.adopt(Foreign.of("id", text));
            mailbox.adopt(Foreign.of("id", text, "\\Seen"));
            store().open(ALICE).adopt(Foreign.of("id", text, ALL_FLAGS));
            Foreign last = Foreign.of("id", text, "\\Flagged", "$Junk");
            reopen().open(ALICE).adopt(last);

            assertSame(only(ALICE), last);
            assertThat(only(ALICE).delete()).isTrue();
            mailbox = store().open(ALICE);
        }
    }

    @Test
    void what_was_delivered_here_and_went_away_comes_back_under_its_id() throws IOException {
        String id = deliver(ALICE, "x\r\n");
        only(ALICE).delete();
        Foreign back = Foreign.of(id, HEAD + "x\r\n", "\\Seen");
        store().open(ALICE).adopt(back);

        assertSame(only(ALICE), back);
        assertThat(deliver(ALICE, "y\r\n")).isNotEqualTo(id);
        assertThat(store().open(ALICE).messages()).hasSize(2);
    }

    @Test
    void what_was_delivered_here_is_not_added_when_it_is_adopted() throws IOException {
        String id = deliver(ALICE, "x\r\n");
        Stored adopted = store().open(ALICE).adopt(Foreign.of(id, HEAD + "x\r\n", "\\Seen"));

        assertThat(adopted.flags()).containsExactly("\\Seen");
        assertThat(only(ALICE).flags()).containsExactly("\\Seen");
    }

    @Test
    void accounts_may_have_messages_of_the_same_id() throws IOException {
        store().open(ALICE).adopt(Foreign.of("id", "alice's\r\n"));
        store().open("bob@demo.test").adopt(Foreign.of("id", "bob's\r\n", "\\Seen"));

        assertSame(only(ALICE), Foreign.of("id", "alice's\r\n"));
        assertThat(only("bob@demo.test").delete()).isTrue();
        assertThat(read(only(ALICE))).isEqualTo("alice's\r\n");
    }

    @Test
    void what_cannot_be_read_to_its_end_is_not_adopted() throws IOException {
        for (int size : new int[]{10, 1 << 20}) {
            Foreign early = new Foreign("id", NOON, Set.of(), new Octets(new byte[size], size + 1));
            assertThatThrownBy(() -> store().open(ALICE).adopt(early)).isInstanceOf(IOException.class);
        }
        assertThat(reopen().open(ALICE).messages()).isEmpty();
        Foreign whole = Foreign.of("id", "whole\r\n");
        store().open(ALICE).adopt(whole);
        assertSame(only(ALICE), whole);
    }

    @Test
    void many_are_adopted_at_once() throws Exception {
        Mailbox mailbox = store().open(ALICE);
        List<Future<Stored>> adoptions = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 100; i++) {
                Foreign original = Foreign.of("id" + i, i + "\r\n");
                adoptions.add(threads.submit(() -> mailbox.adopt(original)));
            }
        }
        for (int i = 0; i < 100; i++) {
            assertThat(read(adoptions.get(i).get())).isEqualTo(i + "\r\n");
        }
        assertThat(reopen().open(ALICE).messages()).hasSize(100);
    }

    @Test
    void the_accounts_are_listed_by_their_names_whatever_these_are() throws IOException {
        List<String> names = List.of(ALICE, "../../x@demo.test", "..@..", "a@b@c", "/etc/passwd@demo.test",
                "%2e@demo.test", "a\0b@demo.test",
                "a\u2215b@demo.test", "ALICE@demo.test", "alice@DEMO.test", "", "@", "@x", "x@", "alice@demo.test ",
                "' OR '1'='1",
                "gr\u00fcn@b\u00fccher.example", "\ud800@demo.test", "\ud83d\ude00@demo.test", "x".repeat(3000),
                "x".repeat(3000) + "@demo.test", "x@" + "\u00fc".repeat(400), "x".repeat(499), "x".repeat(500),
                "x".repeat(501), "%none", "%empty@%long-x");
        for (String name : names) {
            deliver(name, "x\r\n");
            deliver(name, "y\r\n");
        }
        for (int pass = 0; pass < 2; pass++) {
            MailboxStore now = pass == 0 ? store() : reopen();
            try (Stream<String> accounts = now.accounts()) {
                assertThat(accounts).containsExactlyInAnyOrderElementsOf(names);
            }
            assertThat(now.totals()).isEqualTo(new MailboxTotals(names.size(), 2L * names.size()));
        }
    }

    @Test
    void a_thousand_accounts_are_listed_and_the_list_may_be_left_half_way() throws IOException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 1100; i++) {
            names.add("user" + i + "@" + i % 3 + ".test");
            store().open(names.getLast()).adopt(Foreign.of("id", "x\r\n"));
        }
        try (Stream<String> accounts = store().accounts()) {
            assertThat(names).contains(accounts.iterator().next());
        }
        try (Stream<String> accounts = store().accounts()) {
            assertThat(accounts).containsExactlyInAnyOrderElementsOf(names);
        }
    }

    @Test
    void a_store_without_mail_has_no_accounts() throws IOException {
        try (Stream<String> accounts = store().accounts()) {
            assertThat(accounts).isEmpty();
        }
        deliver(ALICE, "x\r\n");
        only(ALICE).delete();
        assertThat(store().totals()).isEqualTo(new MailboxTotals(0, 0));
    }
}
