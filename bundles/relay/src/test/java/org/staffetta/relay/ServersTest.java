package org.staffetta.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.staffetta.api.session.Sessions;
import org.staffetta.smtp.play.Play;

/** From server to server: who is tried, in which order, and what it comes to. */
@Timeout(30)
// the servers of a play need nothing but to be there
@SuppressWarnings("try")
class ServersTest extends RelayFixture {

    private static final String TAKES = PLAIN + TAKES_ONE + QUIT;
    private static final String BUSY = "S: 421 4.3.2 busy\n";
    private static final String UNWANTED = "S: 554 5.7.1 go away\n" + QUIT;

    @BeforeEach
    void three_servers() {
        dns.mx("to.test", 30, "mx3.test").mx("to.test", 10, "mx1.test").mx("to.test", 20, "mx2.test");
        dns.address("mx1.test", "127.0.0.1").address("mx2.test", "127.0.0.2").address("mx3.test", "127.0.0.3");
    }

    @Test
    void the_best_server_is_tried_first() throws Exception {
        try (Play first = Play.of(TAKES); Play second = Play.at("127.0.0.2", first.port())) {
            assertThat(deliverAt(first)).containsExactly("a@to.test Delivered 250 2.0.0 queued as 1");
        }
    }

    @Test
    void a_server_that_cannot_be_reached_makes_the_next_be_tried() throws Exception {
        try (Play second = Play.at("127.0.0.2", 0, TAKES)) {
            relay.change(at(second.port()));

            var outcomes = relay.deliver(Letter.to("to.test", "a@to.test"));

            assertThat(outcomes.values())
                    .allSatisfy(o -> assertThat(o.remote()).isEqualTo("mx2.test[127.0.0.2]:" + second.port()));
        }
    }

    @Test
    void a_server_that_does_not_greet_us_makes_the_next_be_tried() throws Exception {
        try (Play first = Play.of(BUSY);
                Play second = Play.at("127.0.0.2", first.port(), UNWANTED);
                Play third = Play.at("127.0.0.3", first.port(), TAKES)) {
            assertThat(deliverAt(first)).containsExactly("a@to.test Delivered 250 2.0.0 queued as 1");
        }
    }

    @Test
    void a_server_that_refuses_our_name_makes_the_next_be_tried() throws Exception {
        try (Play first = Play.of("S: 220 x\nC: EHLO relay.test\nS: 550 no\nC: HELO relay.test\nS: 550 no\n" + QUIT);
                Play second = Play.at("127.0.0.2", first.port(), TAKES)) {
            assertThat(deliverAt(first)).containsExactly("a@to.test Delivered 250 2.0.0 queued as 1");
        }
    }

    @Test
    void a_refusal_at_the_door_is_final_only_if_all_say_so() throws Exception {
        try (Play first = Play.of(UNWANTED);
                Play second = Play.at("127.0.0.2", first.port(), UNWANTED);
                Play third = Play.at("127.0.0.3", first.port(), UNWANTED)) {
            assertThat(deliverAt(first)).containsExactly("a@to.test Failed 554 5.7.1 go away");
        }
        try (Play first = Play.of(UNWANTED);
                Play second = Play.at("127.0.0.2", first.port(), BUSY);
                Play third = Play.at("127.0.0.3", first.port(), UNWANTED)) {
            assertThat(deliverAt(first)).containsExactly("a@to.test Deferred 451 4.7.1 554 5.7.1 go away");
        }
    }

    @Test
    void when_nobody_can_be_reached_nobody_is_named_as_the_remote() throws Exception {
        relay.change(at(unusedPort()));

        var outcomes = relay.deliver(Letter.to("to.test", "a@to.test", "b@to.test"));

        assertThat(told(outcomes)).hasSize(2).allMatch(line -> line
                .contains("Deferred 451 4.4.1 connect to mx3.test[127.0.0.3]:") && line.endsWith("Connection refused"));
        assertThat(outcomes.values()).allMatch(outcome -> outcome.remote().isEmpty());
    }

    @Test
    void what_one_server_defers_the_next_may_take_and_what_it_refuses_stays_refused() throws Exception {
        try (Play first = Play.of(PIPELINING + """
                C: MAIL FROM:<sender@from.test>
                C: RCPT TO:<a@to.test>
                C: RCPT TO:<b@to.test>
                C: RCPT TO:<c@to.test>
                C: DATA
                S: 250 ok
                S: 451 4.7.1 later
                S: 550 5.1.1 no b
                S: 250 ok
                S: 354 go
                C.
                S: 250 c taken
                """ + QUIT); Play second = Play.at("127.0.0.2", first.port(), TAKES)) {
            relay.change(at(first.port()));
            assertThat(deliver(Letter.to("to.test", "a@to.test", "b@to.test", "c@to.test"))).containsExactlyInAnyOrder(
                    "a@to.test Delivered 250 2.0.0 queued as 1", "b@to.test Failed 550 5.1.1 no b",
                    "c@to.test Delivered 250 c taken");
        }
    }

    @Test
    void after_two_sessions_the_rest_waits_for_the_next_attempt() throws Exception {
        String later = PLAIN + "C: MAIL FROM:<sender@from.test>\nS: 450 4.7.1 later\n" + QUIT;
        try (Play first = Play.of(later);
                Play second = Play.at("127.0.0.2", first.port(), later);
                Play third = Play.at("127.0.0.3", first.port())) {
            assertThat(deliverAt(first)).containsExactly("a@to.test Deferred 450 4.7.1 later");
        }
    }

    @Test
    void a_connection_lost_before_the_message_makes_the_next_be_tried() throws Exception {
        try (Play first = Play.of(PLAIN + "C: MAIL*\nclose\n");
                Play second = Play.at("127.0.0.2", first.port(), TAKES)) {
            assertThat(deliverAt(first)).containsExactly("a@to.test Delivered 250 2.0.0 queued as 1");
        }
    }

    @Test
    void a_connection_lost_after_the_message_does_not_for_it_may_have_been_taken() throws Exception {
        try (Play first = Play.of(PLAIN + """
                C: MAIL*
                S: 250 ok
                C: RCPT*
                S: 250 ok
                C: DATA
                S: 354 go
                C.
                close
                """); Play second = Play.at("127.0.0.2", first.port())) {
            assertThat(deliverAt(first)).containsExactly(
                    "a@to.test Deferred 451 4.4.2 the connection was closed instead of a reply to the end of data");
        }
    }

    @Test
    void no_more_addresses_are_tried_than_allowed() throws Exception {
        try (Play any = Play.at("127.0.0.11", 0, BUSY);
                Play b = Play.at("127.0.0.12", any.port(), BUSY);
                Play c = Play.at("127.0.0.13", any.port(), BUSY);
                Play d = Play.at("127.0.0.14", any.port(), BUSY);
                Play e = Play.at("127.0.0.15", any.port(), BUSY)) {
            dns.mx("five.test", 10, "five.test").address("five.test", "127.0.0.11", "127.0.0.12", "127.0.0.13",
                    "127.0.0.14", "127.0.0.15");
            dns.mx("five.test", 20, "mx1.test");
            relay.change(at(any.port()));

            assertThat(deliver(Letter.to("five.test", "a@five.test")))
                    .containsExactly("a@five.test Deferred 421 4.3.2 busy");
        }
    }

    // --- where there is no server

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = ';', value = {
            "gone.test; Failed 550 5.1.2 the domain gone.test does not exist",
            "null.test; Failed 556 5.1.10 the domain null.test does not accept mail (null MX)",
            "bare.test; Failed 550 5.4.4 no server of bare.test has an address that can be used",
            "troubled.test; Deferred 451 4.4.3 no answer for troubled.test: SERVFAIL",
            "half.test; Deferred 451 4.4.3 no answer for mx.half.test: SERVFAIL",
            "selfish.test; Failed 554 5.4.6 mail for selfish.test loops: this server is its mail exchanger, but does not know the domain",
            "[192.0.2; Deferred 451 4.3.5 the next hop '[192.0.2' is neither domain, domain:port, [host] nor [host]:port",
            "[gone.test]:25; Deferred 451 4.3.5 the route is wrong: the host gone.test does not exist",
            "[gone.test]; Deferred 451 4.3.5 the route is wrong: the host gone.test does not exist",
            "gone.test:26; Deferred 451 4.3.5 the route is wrong: the domain gone.test does not exist",
            "null.test:26; Deferred 451 4.3.5 the route is wrong: the domain null.test does not accept mail (null MX)"})
    void no_server_is_an_outcome_too(String nextHop, String outcome) throws Exception {
        dns.mx("null.test", 0, "").mx("bare.test", 10, "mx.bare.test").address("mx.bare.test");
        dns.trouble("troubled.test").mx("half.test", 10, "mx.half.test").trouble("mx.half.test")
                .mx("half.test", 20, "relay.test");
        dns.mx("selfish.test", 10, "relay.test").mx("selfish.test", 20, "mx1.test");

        assertThat(deliver(Letter.to(nextHop, "a@to.test")))
                .containsExactly("a@to.test " + outcome);
    }

    @Test
    void without_dns_nothing_is_lost() throws Exception {
        relay.dns().leave(dns);

        assertThat(deliver(Letter.to("to.test", "a@to.test")))
                .containsExactly("a@to.test Deferred 451 4.3.5 DNS is not available here now");
    }

    @Test
    void dns_is_waited_for_while_it_is_replaced() throws Exception {
        try (Play play = Play.of(TAKES)) {
            relay.dns().leave(dns);
            Thread.ofVirtual().start(() -> relay.dns().arrive(dns));

            assertThat(deliver(Letter.to(hop(play), "a@to.test")).toString()).contains("Delivered");
        }
    }

    @Test
    void a_listener_of_ours_ends_the_list() throws Exception {
        try (Play first = Play.of(TAKES)) {
            relay.change(at(first.port()));
            relay.ourselves().add(listener("127.0.0.2:" + first.port()));
            assertThat(deliver(Letter.to("to.test", "a@to.test")).toString()).contains("Delivered");
        }
        relay.ourselves().add(listener("0.0.0.0:25"));
        relay.change(withFamily(Settings.Family.ANY, List.of(), Set.of()));
        assertThat(deliver(Letter.to("to.test", "a@to.test")).toString()).contains("Failed 554 5.4.6");
        assertThat(deliver(Letter.to("[127.0.0.9]", "a@to.test")).toString()).contains("Failed 554 5.4.6");
    }

    @Test
    void a_route_may_lead_to_a_listener_of_ours_if_it_says_so() throws Exception {
        try (Play play = Play.of(TAKES)) {
            relay.ourselves().add(listener("127.0.0.1:" + play.port()));

            assertThat(deliver(Letter.to(hop(play), "a@to.test")).toString()).contains("Delivered");
        }
    }

    private List<String> deliverAt(Play first) throws InterruptedException {
        relay.change(at(first.port()));
        return deliver(Letter.to("to.test", "a@to.test"));
    }

    private static int unusedPort() {
        try (Play play = Play.of()) {
            return play.port();
        }
    }

    private static Sessions listener(String address) {
        return new Sessions() {
            @Override
            public String listener() {
                return "smtp";
            }

            @Override
            public String address() {
                return address;
            }

            @Override
            public List<Active> active() {
                return List.of();
            }
        };
    }
}
