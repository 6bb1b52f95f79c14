package org.staffetta.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Recipient;
import org.staffetta.smtp.client.Protocol;
import org.staffetta.smtp.play.Play;

/** The dialogue with one server: what we say, and what its replies mean for each recipient. */
@Timeout(30)
class DialogueTest extends RelayFixture {

    @Test
    void a_message_is_delivered_step_by_step() throws Exception {
        try (Play play = Play.of(PLAIN + TAKES_ONE + QUIT)) {
            var outcomes = relay.deliver(Letter.to(hop(play), "a@to.test"));

            assertThat(told(outcomes)).containsExactly("a@to.test Delivered 250 2.0.0 queued as 1");
            assertThat(outcomes.values()).allSatisfy(
                    outcome -> assertThat(outcome.remote()).isEqualTo("127.0.0.1[127.0.0.1]:" + play.port()));
            assertThat(play.messages()).containsExactly("Subject: hello\r\n\r\nhi\r\n.\r\n");
        }
    }

    @Test
    void with_pipelining_the_envelope_goes_in_one_go() throws Exception {
        try (Play play = Play.of(PIPELINING + TAKES_ONE_AT_ONCE + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test")))
                    .containsExactly("a@to.test Delivered 250 2.0.0 queued as 1");
        }
    }

    @Test
    void a_server_that_does_not_know_ehlo_is_told_helo() throws Exception {
        try (Play play = Play.of("""
                S: 220 old.test
                C: EHLO relay.test
                S: 502 what?
                C: HELO relay.test
                S: 250 old.test
                """ + TAKES_ONE + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test")).toString()).contains("Delivered");
        }
    }

    @Test
    void a_null_reverse_path_and_a_quoted_local_part_stand_as_they_must() throws Exception {
        try (Play play = Play.of(PLAIN + """
                C: MAIL FROM:<>
                S: 250 ok
                C: RCPT TO:<"a b"@to.test>
                S: 550 5.1.1 no
                """ + QUIT)) {
            deliver(Letter.to(hop(play)).from(Address.NULL).with(new Recipient(new Address("a b", "to.test"))));
        }
    }

    @Test
    void each_recipient_has_its_own_outcome() throws Exception {
        try (Play play = Play.of(PIPELINING + """
                C: MAIL FROM:<sender@from.test>
                C: RCPT TO:<a@to.test>
                C: RCPT TO:<b@to.test>
                C: RCPT TO:<c@to.test>
                C: RCPT TO:<d@to.test>
                C: DATA
                S: 250 ok
                S: 250 ok
                S: 550-5.1.1 no
                S: 550 5.1.1 such user
                S: 451 4.7.1 greylisted
                S: 251 will forward
                S: 354 go
                C.
                S: 250 taken
                """ + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test", "b@to.test", "c@to.test", "d@to.test")))
                    .containsExactlyInAnyOrder("a@to.test Delivered 250 taken",
                            "b@to.test Failed 550 5.1.1 no such user", "c@to.test Deferred 451 4.7.1 greylisted",
                            "d@to.test Delivered 250 taken");
        }
    }

    @ParameterizedTest
    @CsvSource({"452 4.3.1 disk full, Deferred", "554 5.6.0 spam, Failed", "421 4.3.2 shutting down, Deferred"})
    void the_reply_to_the_message_is_for_all_who_were_taken(String reply, String outcome) throws Exception {
        try (Play play = Play.of(PIPELINING + """
                C: MAIL FROM:<sender@from.test>
                C: RCPT TO:<a@to.test>
                C: RCPT TO:<b@to.test>
                C: DATA
                S: 250 ok
                S: 250 ok
                S: 550 no b
                S: 354 go
                C.
                S: %s
                close
                """.formatted(reply))) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test", "b@to.test"))).containsExactlyInAnyOrder(
                    "a@to.test " + outcome + " " + reply, "b@to.test Failed 550 no b");
        }
    }

    @Test
    void a_refused_sender_is_a_refusal_for_all() throws Exception {
        try (Play play = Play.of(PIPELINING + """
                C: MAIL FROM:<sender@from.test>
                C: RCPT TO:<a@to.test>
                C: RCPT TO:<b@to.test>
                C: DATA
                S: 550 5.7.1 not you
                S: 503 5.5.1 need MAIL
                S: 250 odd but so
                S: 503 5.5.1 need RCPT
                """ + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test", "b@to.test"))).containsExactlyInAnyOrder(
                    "a@to.test Failed 550 5.7.1 not you", "b@to.test Failed 550 5.7.1 not you");
        }
    }

    @Test
    void without_pipelining_nothing_follows_a_refused_sender() throws Exception {
        try (Play play = Play.of(PLAIN + """
                C: MAIL FROM:<sender@from.test>
                S: 450 4.7.1 later
                """ + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test")))
                    .containsExactly("a@to.test Deferred 450 4.7.1 later");
        }
    }

    @Test
    void a_server_that_wants_the_message_though_nobody_is_to_get_it_gets_a_lone_dot() throws Exception {
        try (Play play = Play.of(PIPELINING + """
                C: MAIL FROM:<sender@from.test>
                C: RCPT TO:<a@to.test>
                C: DATA
                S: 250 ok
                S: 550 5.1.1 no
                S: 354 go
                C.
                S: 554 no valid recipients
                """ + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly("a@to.test Failed 550 5.1.1 no");
            assertThat(play.messages()).containsExactly(".\r\n");
        }
    }

    @Test
    void a_refused_data_is_a_refusal_for_those_who_were_taken() throws Exception {
        try (Play play = Play.of(PIPELINING + """
                C: MAIL FROM:<sender@from.test>
                C: RCPT TO:<a@to.test>
                C: RCPT TO:<b@to.test>
                C: DATA
                S: 250 ok
                S: 250 ok
                S: 550 5.1.1 no
                S: 451 4.3.0 not now
                """ + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test", "b@to.test"))).containsExactlyInAnyOrder(
                    "a@to.test Deferred 451 4.3.0 not now", "b@to.test Failed 550 5.1.1 no");
        }
    }

    // --- limits

    @ParameterizedTest
    @CsvSource({"452 4.5.3 too many", "552 5.5.3 too many", "452 too many", "552 too many"})
    void recipients_that_were_too_many_go_with_the_next_transaction(String reply) throws Exception {
        try (Play play = Play.of(PLAIN + """
                C: MAIL FROM:<sender@from.test>
                S: 250 ok
                C: RCPT TO:<a@to.test>
                S: 250 ok
                C: RCPT TO:<b@to.test>
                S: %s
                C: DATA
                S: 354 go
                C.
                S: 250 first
                C: RSET
                S: 250 ok
                C: MAIL FROM:<sender@from.test>
                S: 250 ok
                C: RCPT TO:<b@to.test>
                S: 250 ok
                C: DATA
                S: 354 go
                C.
                S: 250 second
                """.formatted(reply) + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test", "b@to.test"))).containsExactlyInAnyOrder(
                    "a@to.test Delivered 250 first", "b@to.test Delivered 250 second");
        }
    }

    @ParameterizedTest
    @CsvSource({"552 5.2.2 mailbox full, Failed", "452 4.2.2 mailbox full, Deferred"})
    void a_full_mailbox_is_not_too_many_recipients(String reply, String outcome) throws Exception {
        try (Play play = Play.of(PIPELINING + """
                C: MAIL FROM:<sender@from.test>
                C: RCPT TO:<a@to.test>
                C: RCPT TO:<b@to.test>
                C: DATA
                S: 250 ok
                S: 250 ok
                S: %s
                S: 354 go
                C.
                S: 250 taken
                """.formatted(reply) + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test", "b@to.test"))).containsExactlyInAnyOrder(
                    "a@to.test Delivered 250 taken", "b@to.test " + outcome + " " + reply);
        }
    }

    @Test
    void announced_limits_of_recipients_and_domains_are_kept() throws Exception {
        String one = """
                C: MAIL FROM:<sender@from.test>
                %s
                C: DATA
                S: 250 ok
                %s
                S: 354 go
                C.
                S: 250 taken
                """;
        String again = "C: RSET\n" + one.replace("S: 250 ok\n", "S: 250 flushed\nS: 250 ok\n");
        try (Play play = Play.of(GREETING + """
                S: 250-mx.test
                S: 250-LIMITS RCPTMAX=2 RCPTDOMAINMAX=1
                S: 250 PIPELINING
                """ + one.formatted("C: RCPT TO:<a@to.test>\nC: RCPT TO:<b@to.test>", "S: 250 ok\nS: 250 ok")
                + again.formatted("C: RCPT TO:<c@to.test>", "S: 250 ok")
                + again.formatted("C: RCPT TO:<d@other.test>", "S: 250 ok") + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test", "b@to.test", "c@to.test", "d@other.test")))
                    .hasSize(4).allMatch(line -> line.endsWith("Delivered 250 taken"));
        }
    }

    @Test
    void an_announced_limit_of_transactions_is_kept() throws Exception {
        try (Play play = Play.of(GREETING + """
                S: 250-mx.test
                S: 250 LIMITS RCPTMAX=1 MAILMAX=1
                """ + TAKES_ONE + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test", "b@to.test"))).containsExactlyInAnyOrder(
                    "a@to.test Delivered 250 2.0.0 queued as 1",
                    "b@to.test Deferred 452 4.5.3 the server takes no more recipients in this session");
        }
    }

    @Test
    void many_recipients_go_in_groups_that_no_buffer_is_too_small_for() throws Exception {
        List<String> all = IntStream.range(0, 120).mapToObj(i -> "r" + i + "@to.test").toList();
        String script = PIPELINING + "C: MAIL FROM:<sender@from.test>\n" + rcpt(all.subList(0, 49)) + "S: 250 ok\n"
                + "S: 250 ok\n".repeat(49) + rcpt(all.subList(49, 99)) + "S: 250 ok\n".repeat(50)
                + rcpt(all.subList(99, 120)) + "C: DATA\n" + "S: 250 ok\n".repeat(21) + "S: 354 go\nC.\nS: 250 taken\n"
                + QUIT;
        try (Play play = Play.of(script)) {
            assertThat(deliver(Letter.to(hop(play), all.toArray(String[]::new)))).hasSize(120)
                    .allMatch(line -> line.endsWith("Delivered 250 taken"));
        }
    }

    // --- extensions

    @Test
    void a_message_larger_than_the_server_takes_is_not_sent() throws Exception {
        try (Play play = Play.of(GREETING + "S: 250-mx.test\nS: 250 SIZE 10\n" + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly(
                    "a@to.test Failed 552 5.3.4 the message has 22 octets, the server takes 10");
        }
    }

    @Test
    void size_eight_bits_and_notifications_are_declared_where_they_are_offered() throws Exception {
        Recipient recipient = new Recipient(Address.parse("a@to.test"),
                Map.of("NOTIFY", "SUCCESS,FAILURE", "ORCPT", "rfc822;a+2Bb@to.test"));
        try (Play play = Play.of(GREETING + """
                S: 250-mx.test
                S: 250-SIZE
                S: 250-8BITMIME
                S: 250 DSN
                C: MAIL FROM:<sender@from.test> BODY=8BITMIME ENVID=x+3Dy RET=HDRS SIZE=22
                S: 250 ok
                C: RCPT TO:<a@to.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;a+2Bb@to.test
                S: 550 no
                """ + QUIT)) {
            deliver(Letter.to(hop(play)).with(recipient).with("BODY", "8BITMIME").with("ENVID", "x+3Dy")
                    .with("RET", "HDRS").with("SIZE", "999"));
        }
    }

    @Test
    void what_is_not_offered_is_not_said_and_eight_bits_go_as_they_are() throws Exception {
        Recipient recipient = new Recipient(Address.parse("a@to.test"), Map.of("NOTIFY", "NEVER"));
        try (Play play = Play.of(PLAIN + TAKES_ONE + QUIT)) {
            assertThat(deliver(Letter.to(hop(play)).with(recipient).with("BODY", "8BITMIME").with("RET", "FULL")
                    .saying("Subject: x\r\n\r\n\u00e4\r\n")).toString()).contains("Delivered");
            assertThat(play.messages()).containsExactly("Subject: x\r\n\r\n\u00e4\r\n.\r\n");
        }
    }

    @Test
    void a_message_that_says_so_itself_is_declared_as_eight_bit() throws Exception {
        try (Play play = Play.of(GREETING + """
                S: 250-mx.test
                S: 250 8BITMIME
                C: MAIL FROM:<sender@from.test> BODY=8BITMIME
                S: 550 no
                """ + QUIT)) {
            deliver(Letter.to(hop(play), "a@to.test").saying("Content-Transfer-Encoding: 8Bit\r\n\r\nx\r\n"));
        }
    }

    // --- other letters than ASCII

    @Test
    void an_address_that_needs_smtputf8_fails_where_it_is_not_offered_and_the_others_are_delivered() throws Exception {
        try (Play play = Play.of(PLAIN + TAKES_ONE + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test", "jürgen@to.test"))).containsExactlyInAnyOrder(
                    "a@to.test Delivered 250 2.0.0 queued as 1",
                    "jürgen@to.test Failed 550 5.6.7 the recipient is not in ASCII, and the server does not offer SMTPUTF8");
        }
    }

    @Test
    void a_sender_that_needs_smtputf8_fails_for_all() throws Exception {
        try (Play play = Play.of(PLAIN + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test").from(Address.parse("jürgen@from.test"))).toString())
                    .contains("Failed 550 5.6.7 the sender is not in ASCII");
        }
    }

    @Test
    void a_header_that_needs_smtputf8_fails_for_all() throws Exception {
        try (Play play = Play.of(PLAIN + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test").with("SMTPUTF8", "")
                    .saying("Subject: \u00c3\u00a4\r\n\r\n")).toString())
                    .contains("Failed 550 5.6.7 the header is not in ASCII");
        }
    }

    @Test
    void a_message_that_was_sent_with_smtputf8_but_does_not_need_it_is_delivered_anywhere() throws Exception {
        try (Play play = Play.of(PLAIN + TAKES_ONE + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test").with("SMTPUTF8", "")).toString())
                    .contains("Delivered");
        }
    }

    @Test
    void a_domain_goes_as_a_labels_and_then_needs_no_smtputf8() throws Exception {
        try (Play play = Play.of(PLAIN + """
                C: MAIL FROM:<sender@xn--strae-oqa.test>
                S: 250 ok
                C: RCPT TO:<a@xn--bcher-kva.test>
                S: 550 no
                """ + QUIT)) {
            deliver(Letter.to(hop(play), "a@bücher.test").from(Address.parse("sender@straße.test")));
        }
    }

    @Test
    void smtputf8_is_declared_where_it_is_offered_and_needed() throws Exception {
        try (Play play = Play.of(GREETING + """
                S: 250-mx.test
                S: 250-SMTPUTF8
                S: 250 8BITMIME
                C: MAIL FROM:<sender@from.test> SMTPUTF8
                S: 250 ok
                C: RCPT TO:<jürgen@to.test>
                S: 250 ok
                C: DATA
                S: 354 go
                C.
                S: 250 taken
                """ + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "jürgen@to.test")).toString()).contains("Delivered");
        }
    }

    // --- LMTP

    @Test
    void lmtp_has_a_reply_for_each_recipient_that_was_taken() throws Exception {
        relay = relay(Protocol.LMTP, defaults);
        try (Play play = Play.of("""
                S: 220 store.test LMTP
                C: LHLO relay.test
                S: 250-store.test
                S: 250 PIPELINING
                C: MAIL FROM:<sender@from.test>
                C: RCPT TO:<a@to.test>
                C: RCPT TO:<b@to.test>
                C: RCPT TO:<c@to.test>
                C: RCPT TO:<d@to.test>
                C: DATA
                S: 250 ok
                S: 250 ok
                S: 550 5.1.1 no
                S: 250 ok
                S: 250 ok
                S: 354 go
                C.
                S: 250 2.0.0 a has it
                S: 452 4.2.2 c is full
                S: 552 5.2.2 d is over quota
                """ + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test", "b@to.test", "c@to.test", "d@to.test")))
                    .containsExactlyInAnyOrder("a@to.test Delivered 250 2.0.0 a has it",
                            "b@to.test Failed 550 5.1.1 no", "c@to.test Deferred 452 4.2.2 c is full",
                            "d@to.test Failed 552 5.2.2 d is over quota");
        }
    }

    @Test
    void lmtp_does_not_fall_back_to_helo() throws Exception {
        relay = relay(Protocol.LMTP, defaults);
        try (Play play = Play.of("S: 220 x\nC: LHLO relay.test\nS: 500 what?\n" + QUIT)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly("a@to.test Failed 500 what?");
        }
    }

    @Test
    void in_lmtp_a_message_that_nobody_is_to_get_ends_the_connection() throws Exception {
        relay = relay(Protocol.LMTP, defaults);
        try (Play play = Play.of("""
                S: 220 x
                C: LHLO relay.test
                S: 250-x
                S: 250 PIPELINING
                C: MAIL FROM:<sender@from.test>
                C: RCPT TO:<a@to.test>
                C: DATA
                S: 250 ok
                S: 550 no
                S: 354 go
                gone
                """)) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test"))).containsExactly("a@to.test Failed 550 no");
        }
    }

    @Test
    void lmtp_knows_no_mx() throws Exception {
        try (Play play = Play.of("S: 220 x\nC: LHLO relay.test\nS: 250 x\n" + TAKES_ONE + QUIT)) {
            dns.mx("store.test", 10, "other.test").address("store.test", "127.0.0.1");
            relay = relay(Protocol.LMTP, at(play.port()));

            assertThat(deliver(Letter.to("store.test", "a@to.test")).toString()).contains("Delivered");
            assertThat(dns.asked()).containsExactly("store.test");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void in_lmtp_those_whose_reply_got_lost_are_deferred(int told) throws Exception {
        relay = relay(Protocol.LMTP, defaults);
        try (Play play = Play.of("""
                S: 220 x
                C: LHLO relay.test
                S: 250-x
                S: 250 PIPELINING
                C: MAIL FROM:<sender@from.test>
                C: RCPT TO:<a@to.test>
                C: RCPT TO:<b@to.test>
                C: DATA
                S: 250 ok
                S: 250 ok
                S: 250 ok
                S: 354 go
                C.
                """ + "S: 250 taken\n".repeat(told) + "close\n")) {
            assertThat(deliver(Letter.to(hop(play), "a@to.test", "b@to.test"))).containsExactlyInAnyOrder(
                    told == 1
                            ? "a@to.test Delivered 250 taken"
                            : "a@to.test Deferred 451 4.4.2 the connection was closed instead of a reply to the end of data",
                    "b@to.test Deferred 451 4.4.2 the connection was closed instead of a reply to the end of data");
        }
    }

    private static String rcpt(List<String> addresses) {
        return addresses.stream().map(address -> "C: RCPT TO:<" + address + ">\n").collect(Collectors.joining());
    }
}
