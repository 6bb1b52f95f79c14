package org.staffetta.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.staffetta.api.delivery.Attempt;
import org.staffetta.api.delivery.Outcome;
import org.staffetta.api.event.MailEvent.Kind;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.routing.Route;
import org.staffetta.api.signing.MessageSigner;
import org.staffetta.api.spool.Spool;

/** What senders are told. The files {@code dsn-*.eml} beside this test show each kind of notification in full. */
class NotificationTest {
    private static final String REMOTE = "mx.there.test[192.0.2.7]:25";
    private final Bench bench = new Bench();

    @BeforeEach
    void sendersAreReachable() {
        bench.routes.put("sender.test", new Route.Relay("back", "sender.test"));
        bench.transport("back", Bench.answering(recipient -> Bench.OK));
        bench.transport("smtp", Bench.answering(recipient -> Bench.NO));
        bench.transport("mda", Bench.answering(recipient -> Bench.OK));
    }

    @Test
    void a_bounce_goes_to_the_spool_that_takes_new_mail_or_else_to_that_of_the_message() {
        MemorySpool preferred = new MemorySpool(bench.clock);
        Settings plain = bench.settings;
        bench.engine.reconfigure(new Settings(plain.hostname(), plain.postmaster(), "preferred", plain.activeLimit(),
                plain.recipientsPerAttempt(), plain.attemptTimeout(), plain.drainTimeout(), plain.returnLimit(),
                plain.lanes(), plain.schedule()));
        bench.mail("alice@sender.test", "bob@there.test");
        bench.run();
        assertThat(notices()).as("from the spool of the message").hasSize(1);

        bench.plugins.put(Spool.class, preferred, "preferred");
        bench.mail("alice@sender.test", "bob@there.test");
        bench.run();
        assertThat(notices()).as("nobody drains the other one here").hasSize(1);
        assertThat(preferred.entries().map(entry -> entry.envelope().sender())).containsExactly(Address.NULL);
        assertThat(bench.spool.size()).isZero();
    }

    @Test
    void a_bounce_is_signed_as_it_goes_out_and_goes_out_unsigned_rather_than_not_at_all() {
        bench.plugins.put(MessageSigner.class, message -> List.of(Header.of("Signature", message.size() + " octets")),
                "good");
        bench.plugins.put(MessageSigner.class, message -> {
            throw new IOException("the key cannot be read");
        }, "unable");
        bench.plugins.put(MessageSigner.class, message -> {
            throw new IllegalStateException("broken");
        }, "broken");
        bench.mail("alice@sender.test", "bob@there.test");
        bench.run();

        String notice = onlyNotice();
        String unsigned = notice.substring(notice.indexOf("\r\n") + 2);
        assertThat(notice).startsWith("Signature: " + unsigned.length() + " octets\r\nDate: ");
        assertThat(bench.plugins.leases()).isEqualTo(1); // that of the spool
    }

    private List<Attempt> notices() {
        return bench.attempts.stream().filter(attempt -> attempt.nextHop().equals("sender.test")).toList();
    }

    private static String text(Attempt attempt) {
        return ((MemorySpool.MemoryMessage) attempt.message()).text();
    }

    private String onlyNotice() {
        assertThat(notices()).hasSize(1);
        Envelope envelope = notices().getFirst().envelope();
        assertThat(envelope.sender()).isEqualTo(Address.NULL);
        assertThat(envelope.recipients()).hasSize(1);
        assertThat(envelope.recipients().getFirst().parameters()).isEmpty();
        return text(notices().getFirst());
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = NotificationTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\n", "\r\n");
        }
    }

    private static List<String> parts(String message) {
        String boundary = "--" + message.replaceAll("(?s).*boundary=\"([^\"]+)\".*", "$1");
        String[] pieces = message.split("(?m)^\\Q" + boundary + "\\E(--)?\r\n");
        return Arrays.stream(pieces).skip(1).toList();
    }

    @Test
    void a_failure() throws IOException {
        bench.mail(Bench.envelope("alice@sender.test", Map.of("ENVID", "QQ+2B314159"),
                new Recipient(Address.parse("bob@there.test"), Map.of("ORCPT", "rfc822;robert@example.org")),
                new Recipient(Address.parse("nobody@unknown.test"))));
        bench.run();

        String notice = onlyNotice();
        assertThat(notice).isEqualTo(golden("dsn-failed.eml"));
        assertThat(notices().getFirst().envelope().parameters()).isEmpty();
        assertThat(parts(notice)).hasSize(3).last().asString().endsWith(Bench.TEXT + "\r\n");
        assertThat(bench.events(Kind.BOUNCED)).hasSize(2)
                .allSatisfy(event -> assertThat(event.fields()).containsEntry("notification", "Q2"));
    }

    @Test
    void a_failure_with_utf8_addresses() throws IOException {
        bench.routes.put("grüße.test", new Route.Relay("smtp", "grüße.test"));
        bench.transport("smtp",
                Bench.answering(recipient -> new Outcome.Failed(new Reply(550, "5.1.1", "unbekannt: müller"), REMOTE)));
        Envelope envelope = Bench.envelope("josé@sender.test", Map.of("SMTPUTF8", ""),
                new Recipient(Address.parse("müller@grüße.test"),
                        Map.of("ORCPT", "utf-8;m\\x{FC}ller@gr\\x{FC}\\x{DF}e.test")));
        bench.spool.put(envelope, "Subject: =?utf-8?q?x?=\r\n\r\nGr\u00fc\u00dfe\r\n");
        bench.run();

        assertThat(onlyNotice()).isEqualTo(golden("dsn-failed-utf8.eml"));
        assertThat(notices().getFirst().envelope().parameters()).isEqualTo(Map.of("SMTPUTF8", "", "BODY", "8BITMIME"));
    }

    @Test
    void a_sender_without_utf8_gets_utf8_addresses_in_ascii() {
        bench.routes.put("team@here.test", new Route.Alias(List.of(Address.parse("müller@there.test"))));
        bench.mail("alice@sender.test", "team@here.test");
        bench.run();

        assertThat(onlyNotice()).contains("Content-Type: message/delivery-status\r\n")
                .contains(
                        "Original-Recipient: rfc822; team@here.test\r\nFinal-Recipient: utf-8; m\\x{FC}ller@there.test\r\n")
                .matches("(?s)\\p{ASCII}*");
        assertThat(notices().getFirst().envelope().parameters()).isEmpty();
    }

    @Test
    void a_message_that_expired() throws IOException {
        bench.transport("smtp", Bench.answering(recipient -> Bench.LATER));
        bench.mail("alice@sender.test", "bob@there.test");
        bench.pass(Duration.ofDays(5).plusHours(2));
        assertThat(onlyNotice()).contains("Action: failed\r\nStatus: 4.4.7\r\nRemote-MTA: dns; mx.there.test\r\n"
                + "Diagnostic-Code: smtp; 450 4.2.1 busy\r\n");
    }

    @Test
    void a_delay_is_told_once_when_its_time_has_come() throws IOException {
        bench.settings = Bench.settings("PT4H");
        bench.restart();
        bench.transport("smtp", Bench.answering(recipient -> Bench.LATER));
        String id = bench.mail("alice@sender.test", "bob@there.test");
        bench.pass(Duration.ofHours(4).minusSeconds(1));
        assertThat(notices()).isEmpty();
        bench.pass(Duration.ofSeconds(2));

        assertThat(onlyNotice()).isEqualTo(golden("dsn-delayed.eml"));
        bench.restart();
        bench.pass(Duration.ofDays(1));
        new Operations(bench.engine).retry(id);
        bench.pass(Duration.ofDays(1));
        assertThat(notices()).hasSize(1);
    }

    @Test
    void a_success_for_a_recipient_of_ours() throws IOException {
        bench.transport("mda", Bench.answering(
                recipient -> new Outcome.Delivered(new Reply(250, "2.1.5", "delivered"), "maildir")));
        bench.mail(Bench.envelope("alice@sender.test", Map.of("RET", "FULL"),
                Bench.recipient("bob@here.test", "SUCCESS")));
        bench.run();
        assertThat(onlyNotice()).isEqualTo(golden("dsn-delivered.eml"));
    }

    @Test
    void a_success_beyond_a_relay_is_told_by_the_next_server() {
        bench.transport("smtp", Bench.answering(recipient -> Bench.OK));
        bench.mail(Bench.envelope("alice@sender.test", Map.of(), Bench.recipient("bob@there.test", "SUCCESS")));
        bench.run();
        assertThat(notices()).isEmpty();
    }

    @ParameterizedTest(name = "NOTIFY={0}: failure {1}, delay {2}, success {3}")
    @CsvSource({"'',true,true,false", "NEVER,false,false,false", "FAILURE,true,false,false", "DELAY,false,true,false",
            "SUCCESS,false,false,true", "'FAILURE,DELAY',true,true,false", "'success,failure',true,false,true",
            "'SUCCESS,FAILURE,DELAY',true,true,true"})
    void the_sender_is_told_what_he_asked_for(String notify, boolean failure, boolean delay, boolean success) {
        bench.settings = Bench.settings("PT1H");
        bench.restart();
        bench.routes.put("slow.test", new Route.Relay("slow", "slow.test"));
        bench.transport("slow", Bench.answering(recipient -> Bench.LATER));
        for (String recipient : List.of("a@there.test", "b@here.test", "c@slow.test")) {
            bench.mail(Bench.envelope("alice@sender.test", Map.of(), Bench.recipient(recipient, notify)));
        }
        bench.pass(Duration.ofHours(2));

        List<String> told = notices().stream().map(NotificationTest::text).toList();
        assertThat(told.stream().anyMatch(text -> text.contains("Action: failed"))).isEqualTo(failure);
        assertThat(told.stream().anyMatch(text -> text.contains("Action: delayed"))).isEqualTo(delay);
        assertThat(told.stream().anyMatch(text -> text.contains("Action: delivered"))).isEqualTo(success);
        assertThat(bench.events(Kind.BOUNCED)).hasSize(1);
    }

    @Test
    void there_is_no_bounce_of_a_bounce() {
        bench.mail("", "bob@there.test");
        bench.run();

        assertThat(bench.attempts).hasSize(1);
        assertThat(bench.events(Kind.BOUNCED)).hasSize(1);
        assertThat(bench.spool.size()).isZero();
    }

    @Test
    void a_bounce_that_nobody_takes_ends_there() {
        bench.transport("back", Bench.answering(recipient -> Bench.NO));
        bench.mail("alice@sender.test", "bob@there.test");
        bench.run();

        assertThat(bench.events(Kind.BOUNCED)).hasSize(2);
        assertThat(bench.spool.size()).isZero();
    }

    @Test
    void failures_of_one_round_are_told_together_and_only_those() {
        bench.routes.put("two.test", new Route.Relay("smtp", "two.test"));
        bench.mail("alice@sender.test", "a@there.test", "b@two.test", "c@unknown.test", "d@here.test");
        bench.run();

        assertThat(onlyNotice()).contains("; a@there.test\r\n", "; b@two.test\r\n", "; c@unknown.test\r\n")
                .doesNotContain("d@here.test");
    }

    @Test
    void while_a_bounce_cannot_be_made_the_message_stays() {
        String id = bench.mail("alice@sender.test", "bob@there.test");
        bench.spool.refuseDrafts(true);
        bench.pass(Duration.ofHours(1));
        assertThat(bench.spool.entry(id).pending()).singleElement()
                .satisfies(pending -> assertThat(pending.attempts()).isGreaterThanOrEqualTo(3));
        assertThat(bench.events(Kind.BOUNCED)).isEmpty();

        bench.spool.refuseDrafts(false);
        bench.pass(Duration.ofHours(2));
        assertThat(bench.spool.size()).isZero();
        onlyNotice();
    }

    @Test
    void a_crash_between_bounce_and_note_repeats_the_bounce() {
        bench.transport("smtp", Bench.answering(recipient -> {
            bench.spool.refuseUpdates(true); // as if the power went after the bounce was stored
            return Bench.NO;
        }));
        String id = bench.mail("alice@sender.test", "bob@there.test");
        bench.take();
        bench.step();
        bench.step();
        assertThat(bench.spool.size()).isEqualTo(2);
        bench.transport("smtp", Bench.answering(recipient -> Bench.NO));
        bench.restart();
        bench.run();

        assertThat(bench.spool.entry(id)).isNull();
        assertThat(notices()).hasSize(2);
    }

    @Test
    void a_long_message_comes_back_by_its_header_only() {
        String body = "x".repeat(70) + "\r\n";
        bench.spool.put(Bench.envelope("alice@sender.test", Map.of(), Bench.recipient("bob@there.test", "")),
                "Subject: long\r\n\r\n" + body.repeat(1_000));
        bench.run();
        assertThat(onlyNotice()).contains("Content-Type: text/rfc822-headers\r\n\r\nSubject: long\r\n\r\n--")
                .doesNotContain("xxxx").hasSizeLessThan(3_000);
    }

    @Test
    void who_asks_for_the_header_gets_the_header() {
        bench.mail(Bench.envelope("alice@sender.test", Map.of("RET", "HDRS"), Bench.recipient("bob@there.test", "")));
        bench.run();
        assertThat(onlyNotice()).contains("text/rfc822-headers").doesNotContain("How are you");
    }

    @Test
    void what_is_told_of_a_protected_message_is_protected_and_has_no_body() {
        bench.mail(Bench.envelope("alice@sender.test", Map.of("REQUIRETLS", "", "RET", "FULL"),
                Bench.recipient("bob@there.test", "")));
        bench.run();
        assertThat(onlyNotice()).contains("text/rfc822-headers").doesNotContain("How are you");
        assertThat(notices().getFirst().envelope().parameters()).isEqualTo(Map.of("REQUIRETLS", ""));
    }

    @Test
    void so_is_what_is_told_of_its_success() {
        bench.mail(Bench.envelope("alice@sender.test", Map.of("REQUIRETLS", "", "SMTPUTF8", ""),
                Bench.recipient("bob@here.test", "SUCCESS")));
        bench.run();
        onlyNotice();
        assertThat(notices().getFirst().envelope().parameters()).containsEntry("REQUIRETLS", "");
    }

    @Test
    void eight_bit_content_is_declared() {
        bench.spool.put(
                Bench.envelope("alice@sender.test", Map.of("BODY", "8BITMIME"), Bench.recipient("bob@there.test", "")),
                "Subject: hi\r\n\r\nGrüße\r\n");
        bench.run();
        assertThat(onlyNotice()).contains("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n")
                .containsPattern("(?s)^.*?boundary=[^\r]*\r\nContent-Transfer-Encoding: 8bit\r\n\r\n--");
        assertThat(notices().getFirst().envelope().parameters()).isEqualTo(Map.of("BODY", "8BITMIME"));
    }

    @Test
    void what_another_server_says_cannot_forge_fields_or_fill_the_disk() {
        String evil = "no\nFinal-Recipient: rfc822; victim@example.org\n\n--=_\tAction: delivered \u202e\u00e9 "
                + "y".repeat(100_000);
        bench.transport("smtp",
                Bench.answering(recipient -> new Outcome.Failed(new Reply(550, "5.1.1", evil), REMOTE + "\r\nX: y")));
        bench.mail("alice@sender.test", "bob@there.test");
        bench.run();

        String notice = onlyNotice();
        String status = parts(notice).get(1);
        assertThat(status.split("\r\n")).filteredOn(line -> line.startsWith("Final-Recipient:")).hasSize(1);
        assertThat(status.split("\r\n")).filteredOn(line -> line.startsWith("Action:"))
                .containsExactly("Action: failed");
        assertThat(status.split("\r\n\r\n", -1)).hasSize(4); // the part's header, the message's fields, the recipient's, the end
        assertThat(status).contains("\\x{202E}\\x{E9}").matches("(?s)\\p{ASCII}*").hasSizeLessThan(2_000);
        assertThat(parts(notice).getFirst()).doesNotContain("\r\nX: y");
        assertThat(notice.split("\r\n")).allMatch(line -> line.length() <= 998);
    }

    @Test
    void strange_parameters_of_the_client_cannot_forge_fields() {
        bench.mail(Bench.envelope("alice@sender.test", Map.of("ENVID", "a+0D+0AX-Evil:+20b" + "c".repeat(500)),
                new Recipient(Address.parse("bob@there.test"),
                        Map.of("ORCPT", "rfc822;x+0D+0AAction:+20delivered+GG+")),
                new Recipient(Address.parse("carol@there.test"), Map.of("ORCPT", "no semicolon"))));
        bench.run();
        String status = parts(onlyNotice()).get(1);
        assertThat(status.split("\r\n")).filteredOn(line -> line.startsWith("Action:")).containsOnly("Action: failed");
        assertThat(status)
                .contains("Original-Envelope-Id: a  X-Evil:\r\n bccc",
                        "Original-Recipient: rfc822; x  Action: delivered+GG+\r\n")
                .containsOnlyOnce("Original-Recipient");
    }

    @Test
    void returned_content_cannot_end_its_part() {
        Bench twin = new Bench();
        twin.random.nextDouble(); // the jitter of the message comes first
        twin.random.nextDouble();
        String guessed = "=_Q2_" + HexFormat.of().toHexDigits(twin.random.nextLong());
        bench.spool.put(Bench.envelope("alice@sender.test", Map.of(), Bench.recipient("bob@there.test", "")),
                "Subject: trap\r\n\r\n--" + guessed + "--\r\n");
        bench.run();
        assertThat(parts(onlyNotice())).hasSize(3).last().asString().contains(guessed);
    }
}
