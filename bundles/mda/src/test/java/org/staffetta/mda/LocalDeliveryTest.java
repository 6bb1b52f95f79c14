package org.staffetta.mda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.delivery.Attempt;
import org.staffetta.api.delivery.Outcome;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.directory.DirectoryEntry.Account;
import org.staffetta.api.directory.DirectoryEntry.Alias;
import org.staffetta.api.directory.DirectoryEntry.Foreign;
import org.staffetta.api.directory.DirectoryEntry.NoSuchUser;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.mailbox.Mailboxes;
import org.staffetta.plugins.TestPlugins;

@Timeout(30)
class LocalDeliveryTest {

    private static final Duration SHORT = Duration.ofMillis(30);
    private static final String TEXT = "Subject: x\r\n\r\nbody\r\n";

    private final TestPlugins plugins = new TestPlugins();
    private final MemoryMailboxes store = new MemoryMailboxes();
    private final LocalDelivery mda = new LocalDelivery(plugins, List.of("file", "*"), SHORT);

    @BeforeEach
    void services() {
        plugins.put(Directory.class, LocalDeliveryTest::file, "file");
        plugins.put(Mailboxes.class, store, "mailboxes");
    }

    private static DirectoryEntry file(Address address) throws IOException {
        String name = address.localPart().replaceFirst("\\+.*", "").toLowerCase(java.util.Locale.ROOT);
        if (address.domain().equals("partner.test")) {
            return new Account(address.toString(), Map.of("accept", "any"));
        }
        if (!address.domain().equals("demo.test")) {
            return new Foreign();
        }
        return switch (name) {
            case "alice", "bob" -> new Account(name + "@demo.test", Map.of());
            case "small" -> new Account("small@demo.test", Map.of("quota", "100"));
            case "info" -> new Alias(List.of(Address.parse("alice@demo.test")));
            case "broken" -> throw new IOException("database away");
            case "bug" -> throw new IllegalStateException("a bug");
            default -> new NoSuchUser();
        };
    }

    @Test
    void a_message_gets_its_trace_fields_on_top() throws Exception {
        assertThat(deliver("alice@demo.test")).containsExactly("250 2.0.0 delivered to mailbox");

        assertThat(store.mail.get("alice@demo.test"))
                .containsExactly("Return-Path: <sender@example.org>\r\nDelivered-To: alice@demo.test\r\n" + TEXT);
    }

    @Test
    void a_bounce_has_an_empty_return_path() throws Exception {
        mda.deliver(attempt(Address.NULL, new TextMessage(TEXT), List.of(recipient("alice@demo.test"))));

        assertThat(store.mail.get("alice@demo.test").getFirst()).startsWith("Return-Path: <>\r\n");
    }

    @ParameterizedTest
    @CsvSource({"alice+news@demo.test, '', alice+news@demo.test",
            "alice@demo.test, rfc822;info@demo.test, info@demo.test",
            "alice@demo.test, RFC822;a+2Bb@demo.test, a+b@demo.test",
            "alice@demo.test, utf-8;gr\\x{FC}n@demo.test, grün@demo.test",
            "alice+x@demo.test, x400;whatever, alice+x@demo.test",
            "alice+x@demo.test, rfc822;no+0D+0Aaddress, alice+x@demo.test",
            "alice+x@demo.test, rfc822;evil+0D+0AX:y@demo.test, alice+x@demo.test",
            "alice+x@demo.test, utf-8;\\x{110000}@demo.test, alice+x@demo.test",
            "alice+x@demo.test, nonsense, alice+x@demo.test"})
    void whom_the_message_was_for_is_noted_where_it_is_not_the_account(String address, String orcpt, String noted)
            throws Exception {
        Recipient recipient = new Recipient(Address.parse(address),
                orcpt.isEmpty() ? Map.of() : Map.of("ORCPT", orcpt));
        mda.deliver(attempt(Address.parse("s@example.org"), new TextMessage(TEXT), List.of(recipient)));

        String utf8 = new String(noted.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(store.mail.get("alice@demo.test")).containsExactly(
                "Return-Path: <s@example.org>\r\nDelivered-To: alice@demo.test\r\nX-Original-To: " + utf8 + "\r\n"
                        + TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice@demo.test", "ALICE@demo.test"})
    void the_account_itself_is_not_noted_twice(String address) throws Exception {
        deliver(address);

        assertThat(store.mail.get("alice@demo.test").getFirst()).doesNotContain("X-Original-To");
    }

    @Test
    void recipients_that_are_one_account_get_one_copy() throws Exception {
        assertThat(deliver("alice@demo.test", "bob@demo.test", "Alice+1@demo.test", "alice+2@demo.test")).hasSize(4)
                .containsOnly("250 2.0.0 delivered to mailbox");

        assertThat(store.mail.get("alice@demo.test")).hasSize(1).first().asString()
                .contains("X-Original-To: Alice+1@demo.test\r\nX-Original-To: alice+2@demo.test\r\n");
        assertThat(store.mail.get("bob@demo.test")).hasSize(1).first().asString().doesNotContain("X-Original-To");
    }

    @Test
    void an_old_return_path_gives_way() throws Exception {
        deliver(new TextMessage(
                "Received: a\r\n b\r\nReturn-Path: <evil@example.org>\r\nreturn-path:\r\n <x>\r\nSubject: \u00ff\r\n\r\nReturn-Path: body\r\n"),
                "alice@demo.test");

        assertThat(store.mail.get("alice@demo.test"))
                .containsExactly("Return-Path: <sender@example.org>\r\nDelivered-To:"
                        + " alice@demo.test\r\nReceived: a\r\n b\r\nSubject: \u00ff\r\n\r\nReturn-Path: body\r\n");
    }

    @Test
    void a_message_of_nothing_but_a_return_path_survives_that() throws Exception {
        deliver(new TextMessage("Return-Path: <evil@example.org>\r\n\r\n"), "alice@demo.test");

        assertThat(store.mail.get("alice@demo.test").getFirst()).endsWith("Delivered-To: alice@demo.test\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Delivered-To: alice@demo.test", "delivered-to:\r\n\tAlice@Demo.test"})
    void a_message_that_was_in_the_mailbox_before_is_a_loop(String header) throws Exception {
        assertThat(deliver(new TextMessage(header + "\r\n" + TEXT), "alice@demo.test", "bob@demo.test"))
                .containsExactly(
                        "554 5.4.6 mail loop: the message was in this mailbox before",
                        "250 2.0.0 delivered to mailbox");
        assertThat(store.mail).containsOnlyKeys("bob@demo.test");
    }

    @ParameterizedTest
    @CsvSource({"nobody@demo.test, 550 5.1.1 no such user here",
            "info@demo.test, 451 4.3.5 the recipient has no mailbox here any more",
            "x@elsewhere.test, 451 4.3.5 the recipient has no mailbox here any more",
            "x@partner.test, 451 4.3.5 the recipient has no mailbox here any more",
            "broken@demo.test, 451 4.3.0 the recipient cannot be looked up now",
            "bug@demo.test, 451 4.3.0 the recipient cannot be looked up now"})
    void a_recipient_without_a_mailbox_hurts_no_other(String address, String reply) throws Exception {
        assertThat(deliver("alice@demo.test", address)).containsExactly("250 2.0.0 delivered to mailbox", reply);
        assertThat(store.mail).containsOnlyKeys("alice@demo.test");
    }

    @Test
    void a_full_mailbox_is_deferred() throws Exception {
        assertThat(deliver(new TextMessage("a: b\r\n\r\n" + "x".repeat(92)), "small@demo.test"))
                .containsExactly("250 2.0.0 delivered to mailbox");

        assertThat(deliver("small@demo.test", "bob@demo.test")).containsExactly("452 4.2.2 the mailbox is full",
                "250 2.0.0 delivered to mailbox");
        assertThat(store.mail.get("small@demo.test")).hasSize(1);
    }

    @Test
    void a_store_that_fails_defers() throws Exception {
        store.failure = new IOException("/secret/path: No space left on device");

        assertThat(deliver("alice@demo.test")).containsExactly("451 4.2.0 the mailbox cannot be written now");
    }

    @Test
    void a_store_with_a_bug_defers_and_the_others_get_their_copy() throws Exception {
        store.before = account -> {
            if (account.startsWith("alice")) {
                throw new IllegalStateException("a bug");
            }
        };

        assertThat(deliver("alice@demo.test", "bob@demo.test")).containsExactly(
                "451 4.2.0 the mailbox cannot be written now",
                "250 2.0.0 delivered to mailbox");
    }

    @Test
    void without_a_store_or_a_directory_the_attempt_fails_as_a_whole() {
        plugins.remove(store);
        assertThatThrownBy(() -> deliver("alice@demo.test", "nobody@demo.test")).isInstanceOf(IOException.class)
                .hasMessage("there are no mailboxes");

        plugins.put(Mailboxes.class, store, "mailboxes");
        LocalDelivery other = new LocalDelivery(plugins, List.of("ldap", "file"), SHORT);
        assertThatThrownBy(
                () -> other.deliver(attempt(Address.NULL, new TextMessage(TEXT), List.of(recipient("a@demo.test")))))
                .isInstanceOf(IOException.class).hasMessage("there is no directory ldap");
    }

    @Test
    void a_store_that_is_being_replaced_is_waited_for() throws Exception {
        plugins.remove(store);
        LocalDelivery patient = new LocalDelivery(plugins, List.of("*"), Duration.ofSeconds(20));
        Thread late = Thread.ofVirtual().start(() -> plugins.put(Mailboxes.class, store, "mailboxes"));

        Map<Recipient, Outcome> outcomes = patient
                .deliver(attempt(Address.NULL, new TextMessage(TEXT), List.of(recipient("alice@demo.test"))));

        assertThat(outcomes.values()).hasOnlyElementsOfType(Outcome.Delivered.class).hasSize(1);
        late.join();
    }

    @Test
    void an_interrupt_ends_the_attempt_and_what_is_delivered_stays_delivered() throws Exception {
        store.before = account -> Thread.currentThread().interrupt();

        assertThat(deliver("alice@demo.test", "bob@demo.test")).containsExactly("250 2.0.0 delivered to mailbox");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(store.mail).containsOnlyKeys("alice@demo.test");
    }

    @Test
    void an_interrupt_ends_the_waiting_for_a_store() {
        plugins.remove(store);
        LocalDelivery patient = new LocalDelivery(plugins, List.of("*"), Duration.ofSeconds(20));
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> patient
                .deliver(attempt(Address.NULL, new TextMessage(TEXT), List.of(recipient("alice@demo.test")))))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void an_outcome_names_the_store() throws Exception {
        Map<Recipient, Outcome> outcomes = mda
                .deliver(attempt(Address.NULL, new TextMessage(TEXT), List.of(recipient("alice@demo.test"))));

        assertThat(outcomes.values()).extracting(Outcome::remote).containsExactly("maildir");
    }

    private List<String> deliver(String... recipients) throws IOException, InterruptedException {
        return deliver(new TextMessage(TEXT), recipients);
    }

    // the replies in the order of the recipients
    private List<String> deliver(Message message, String... recipients) throws IOException, InterruptedException {
        List<Recipient> list = Arrays.stream(recipients).map(LocalDeliveryTest::recipient).toList();
        Map<Recipient, Outcome> outcomes = mda.deliver(attempt(Address.parse("sender@example.org"), message, list));
        return list.stream().filter(outcomes::containsKey).map(recipient -> outcomes.get(recipient).reply().toString())
                .toList();
    }

    private static Recipient recipient(String address) {
        return new Recipient(Address.parse(address));
    }

    private static Attempt attempt(Address sender, Message message, List<Recipient> recipients) {
        return new OneAttempt(new Envelope(sender, recipients, Map.of()), message);
    }

    private record OneAttempt(Envelope envelope, Message message) implements Attempt {

        @Override
        public String queueId() {
            return "Q1";
        }

        @Override
        public String nextHop() {
            return "demo.test";
        }

        @Override
        public Map<String, String> attributes() {
            return Map.of();
        }
    }
}
