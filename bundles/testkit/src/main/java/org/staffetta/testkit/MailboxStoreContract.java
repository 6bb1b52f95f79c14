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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mailbox.Mailbox;
import org.staffetta.api.mailbox.Mailbox.Stored;
import org.staffetta.api.mailbox.MailboxStore;

/** What every mailbox store must do. A test of a store extends it and says how to open one. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
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
        assertThat(stored.id()).isEqualTo(id).matches("[!-~]{1,70}");
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

            stored.delete();
            stored.delete();

            assertThat(store().open(ALICE).messages()).isEmpty();
            assertThatThrownBy(stored::open).isInstanceOf(IOException.class);
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
}
