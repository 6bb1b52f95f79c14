package org.staffetta.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.dns.Answer;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.dns.Dns.Mx;
import org.staffetta.api.dns.DnsException;
import org.staffetta.testkit.FakeDns;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

@Timeout(20)
class StubDnsTest {

    private static final Consumer<Message> AS_IT_IS = response -> {};

    private final FakeDns server = new FakeDns();
    private final FakeDns second = new FakeDns();
    private final AtomicLong clock = new AtomicLong();
    private final StubDns dns = dns(List.of(server.address()));

    @AfterEach
    void stop() {
        server.close();
        second.close();
    }

    // --- what is found

    @Test
    void mail_exchangers_come_in_the_order_of_the_zone() throws DnsException {
        server.serves("a.test. 60 MX 20 B.test.", "a.test. 60 MX 10 c.test.");

        assertThat(dns.mx("A.test"))
                .isEqualTo(new Answer<>(List.of(new Mx(20, "b.test"), new Mx(10, "c.test")), true, false));
    }

    @Test
    void a_null_mx_has_no_host() throws DnsException {
        server.serves("a.test. 60 MX 0 .");

        assertThat(dns.mx("a.test").records()).containsExactly(new Mx(0, ""));
    }

    @Test
    void a_host_has_addresses_of_both_families() throws DnsException {
        server.serves("h.test. 60 A 192.0.2.1", "h.test. 60 A 192.0.2.2", "h.test. 60 AAAA 2001:db8::1");

        assertThat(dns.addresses("h.test").records()).containsExactlyInAnyOrder(ip("192.0.2.1"), ip("192.0.2.2"),
                ip("2001:db8::1"));
    }

    @Test
    void a_host_may_have_one_family_only() throws DnsException {
        server.serves("h.test. 60 AAAA 2001:db8::1");

        assertThat(dns.addresses("h.test")).isEqualTo(new Answer<>(List.of(ip("2001:db8::1")), true, false));
    }

    @Test
    void the_strings_of_a_text_are_joined_octet_for_octet() throws DnsException {
        server.serves("t.test. 60 TXT \"v=spf1 \" \"-all\\255\"", "t.test. 60 TXT \"other\"");

        assertThat(dns.txt("t.test").records()).containsExactlyInAnyOrder("v=spf1 -all\u00ff", "other");
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 1.2.0.192.in-addr.arpa.",
            "2001:db8::1, 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa."})
    void an_address_has_names(String address, String reverse) throws Exception {
        server.serves(reverse + " 60 PTR Mail.Test.");

        assertThat(dns.ptr(ip(address)).records()).containsExactly("mail.test");
    }

    @Test
    void a_name_that_is_no_host_name_is_escaped() throws DnsException {
        server.serves("1.2.0.192.in-addr.arpa. 60 PTR a\\013\\010b\\.c<b>.test.");

        assertThat(dns.ptr(ip("192.0.2.1")).records()).containsExactly("a\\013\\010b\\.c<b>.test");
    }

    @Test
    void u_labels_are_asked_for_as_a_labels() throws DnsException {
        server.serves("xn--strae-oqa.test. 60 MX 10 mx.test.");

        assertThat(dns.mx("straße.test").records()).containsExactly(new Mx(10, "mx.test"));
    }

    // --- what is not there is an answer

    @Test
    void a_name_that_does_not_exist_is_an_answer() throws DnsException {
        server.serves();

        assertThat(dns.mx("a.test")).isEqualTo(new Answer<>(List.of(), false, false));
        assertThat(dns.addresses("a.test")).isEqualTo(new Answer<>(List.of(), false, false));
    }

    @Test
    void a_record_that_does_not_exist_is_an_answer() throws DnsException {
        server.serves("a.test. 60 A 192.0.2.1");

        assertThat(dns.mx("a.test")).isEqualTo(new Answer<>(List.of(), true, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..test", "192.0.2.1", "x.invalid", "x.onion", "a/c\u2100.test",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.test"})
    void what_cannot_be_a_name_does_not_exist_and_nobody_is_asked(String name) throws DnsException {
        assertThat(dns.mx(name)).isEqualTo(new Answer<>(List.of(), false, false));
        assertThat(dns.addresses(name)).isEqualTo(new Answer<>(List.of(), false, false));
        assertThat(server.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST", "localhost.", "mx.localhost"})
    void localhost_is_this_machine_and_nobody_is_asked(String name) throws DnsException {
        assertThat(dns.addresses(name).records()).containsExactly(ip("127.0.0.1"), ip("::1"));
        assertThat(dns.mx(name)).isEqualTo(new Answer<>(List.of(), true, false));
        assertThat(dns.ptr(ip("127.0.0.1")).records()).containsExactly("localhost");
        assertThat(server.asked()).isEmpty();
    }

    // --- CNAME

    @Test
    void cnames_are_followed() throws DnsException {
        server.serves("a.test. 60 CNAME b.test.", "b.test. 60 CNAME c.test.", "c.test. 60 MX 10 mx.test.");

        assertThat(dns.mx("a.test").records()).containsExactly(new Mx(10, "mx.test"));
    }

    @Test
    void a_chain_that_the_server_leaves_half_way_is_asked_on() throws DnsException {
        server.says(query -> {
            Message response = FakeDns.response(query, Rcode.NOERROR);
            String name = query.getQuestion().getName().toString();
            response.addRecord(FakeDns.record(
                    name.equals("b.test.") ? "b.test. 60 MX 10 mx.test." : "a.test. 60 CNAME b.test."), Section.ANSWER);
            return response.toWire();
        });

        assertThat(dns.mx("a.test").records()).containsExactly(new Mx(10, "mx.test"));
        assertThat(server.asked()).containsExactly("udp a.test. MX", "udp b.test. MX");
    }

    @ParameterizedTest
    @CsvSource({"2, true", "3, false", "7, false"})
    void a_chain_that_is_told_link_by_link_is_not_asked_for_without_end(int links, boolean found) throws DnsException {
        server.says(query -> {
            Message response = FakeDns.response(query, Rcode.NOERROR);
            int link = query.getQuestion().getName().toString().charAt(1) - '0';
            response.addRecord(FakeDns.record("n" + link + ".test. 60 "
                    + (link == links ? "MX 10 mx.test." : "CNAME n" + (link + 1) + ".test.")), Section.ANSWER);
            return response.toWire();
        });

        if (found) {
            assertThat(dns.mx("n0.test").records()).containsExactly(new Mx(10, "mx.test"));
        } else {
            assertThatThrownBy(() -> dns.mx("n0.test")).isInstanceOf(DnsException.class)
                    .hasMessageContaining("link by link");
        }
        assertThat(server.asked()).hasSize(3);
    }

    @Test
    void a_cname_to_nowhere_is_nowhere() throws DnsException {
        server.serves("a.test. 60 CNAME b.test.");

        assertThat(dns.mx("a.test")).isEqualTo(new Answer<>(List.of(), false, false));
    }

    @Test
    void a_chain_of_eight_is_followed_and_no_longer_one() throws DnsException {
        server.serves(chain(9));

        assertThat(dns.mx("n1.test").records()).hasSize(1);
        assertThatThrownBy(() -> dns.mx("n0.test")).isInstanceOf(DnsException.class).hasMessageContaining("CNAME");
    }

    @Test
    void a_loop_of_cnames_ends() {
        server.answers(AS_IT_IS, "a.test. 60 CNAME b.test.", "b.test. 60 CNAME a.test.");

        assertThatThrownBy(() -> dns.mx("a.test")).isInstanceOf(DnsException.class).hasMessageContaining("loop");
    }

    @Test
    void a_loop_over_many_answers_ends() {
        server.says(query -> {
            Message response = FakeDns.response(query, Rcode.NOERROR);
            String name = query.getQuestion().getName().toString();
            String next = name.equals("a.test.") ? "b.test." : "a.test.";
            response.addRecord(FakeDns.record(name + " 60 CNAME " + next), Section.ANSWER);
            return response.toWire();
        });

        assertThatThrownBy(() -> dns.mx("a.test")).isInstanceOf(DnsException.class).hasMessageContaining("loop");
        assertThat(server.asked()).hasSizeLessThan(12);
    }

    // --- what servers do wrong

    @Test
    void records_that_the_question_does_not_lead_to_are_left_aside() throws DnsException {
        server.answers(AS_IT_IS, "evil.test. 60 MX 1 evil.test.", "a.test. 60 MX 10 mx.test.", "a.test. 60 TXT x");

        assertThat(dns.mx("a.test").records()).containsExactly(new Mx(10, "mx.test"));
    }

    @ParameterizedTest
    @ValueSource(ints = {Rcode.SERVFAIL, Rcode.REFUSED, Rcode.NOTAUTH, Rcode.YXDOMAIN})
    void an_error_is_no_answer(int rcode) {
        server.says(query -> FakeDns.response(query, rcode).toWire());

        assertThatThrownBy(() -> dns.mx("a.test")).isInstanceOf(DnsException.class)
                .hasMessage("no answer for a.test MX: 127.0.0.1#" + server.address().getPort() + ": "
                        + Rcode.string(rcode));
        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void a_server_that_refuses_makes_the_next_be_asked() throws DnsException {
        StubDns both = dns(List.of(server.address(), second.address()));
        second.serves("a.test. 60 MX 10 mx.test.", "b.test. 60 MX 10 mx.test.");

        assertThat(both.mx("a.test").records()).hasSize(1);
        assertThat(both.mx("b.test").records()).hasSize(1);
        assertThat(server.asked()).as("the one that answered is asked first from then on").hasSize(1);
    }

    @Test
    void a_server_that_is_silent_makes_the_next_be_asked() throws DnsException {
        StubDns both = dns(List.of(server.address(), second.address()));
        server.says(query -> new byte[0]);
        second.serves("a.test. 60 MX 10 mx.test.");

        assertThat(both.mx("a.test").records()).hasSize(1);
    }

    @Test
    void a_lost_packet_is_asked_for_again() throws DnsException {
        server.says(query -> {
            if (server.asked().size() == 1) {
                return new byte[0];
            }
            Message response = FakeDns.response(query, Rcode.NOERROR);
            response.addRecord(FakeDns.record("a.test. 60 MX 10 mx.test."), Section.ANSWER);
            return response.toWire();
        });

        assertThat(dns.mx("a.test").records()).hasSize(1);
        assertThat(server.asked()).hasSize(2);
    }

    @Test
    void servers_that_are_silent_do_not_hold_a_question_past_its_deadline() {
        StubDns both = dns(List.of(server.address(), second.address()));
        server.says(query -> new byte[0]);
        second.says(query -> new byte[0]);
        long begin = System.nanoTime();

        assertThatThrownBy(() -> both.mx("a.test")).isInstanceOf(DnsException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofMillis(400),
                Duration.ofMillis(2500));
    }

    @Test
    void a_port_where_nobody_listens_is_no_answer() {
        server.close();

        assertThatThrownBy(() -> dns.mx("a.test")).isInstanceOf(DnsException.class);
    }

    @Test
    void a_truncated_answer_is_fetched_by_tcp() throws DnsException {
        server.answers(response -> response.getHeader().setFlag(Flags.TC));
        server.saysByTcp(query -> {
            Message response = FakeDns.response(query, Rcode.NOERROR);
            IntStream.range(0, 400).forEach(
                    i -> response.addRecord(FakeDns.record("a.test. 60 MX " + i + " mx" + i + ".test."),
                            Section.ANSWER));
            return response.toWire();
        });

        assertThat(dns.mx("a.test").records()).hasSize(400);
        assertThat(server.asked()).containsExactly("udp a.test. MX", "tcp a.test. MX");
    }

    @Test
    void an_answer_that_is_truncated_by_tcp_too_is_none() {
        server.answers(response -> response.getHeader().setFlag(Flags.TC), "a.test. 60 MX 10 mx.test.");

        assertThatThrownBy(() -> dns.mx("a.test")).isInstanceOf(DnsException.class)
                .hasMessageContaining("not a whole answer");
    }

    @Test
    void a_server_that_stalls_by_tcp_does_not_hold_a_question_past_its_deadline() {
        server.answers(response -> response.getHeader().setFlag(Flags.TC));
        server.saysByTcp(query -> new byte[0]);
        long begin = System.nanoTime();

        assertThatThrownBy(() -> dns.mx("a.test")).isInstanceOf(DnsException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(2500));
    }

    @Test
    void an_answer_with_another_id_is_none() {
        server.answers(response -> response.getHeader().setID(response.getHeader().getID() ^ 1),
                "a.test. 60 MX 10 mx.test.");

        assertThatThrownBy(() -> dns.mx("a.test")).isInstanceOf(DnsException.class);
    }

    @Test
    void an_answer_to_another_question_is_none() {
        server.says(query -> {
            Message response = FakeDns.response(query, Rcode.NOERROR);
            response.removeAllRecords(Section.QUESTION);
            response.addRecord(org.xbill.DNS.Record.newRecord(FakeDns.record("b.test. 1 MX 1 c.test.").getName(),
                    org.xbill.DNS.Type.MX, org.xbill.DNS.DClass.IN), Section.QUESTION);
            return response.toWire();
        });

        assertThatThrownBy(() -> dns.mx("a.test")).isInstanceOf(DnsException.class);
    }

    @Test
    void an_answer_without_a_question_is_none() {
        server.answers(response -> response.removeAllRecords(Section.QUESTION), "a.test. 60 MX 10 mx.test.");

        assertThatThrownBy(() -> dns.mx("a.test")).isInstanceOf(DnsException.class);
    }

    @Test
    void a_question_sent_back_is_no_answer() {
        server.says(Message::toWire);

        assertThatThrownBy(() -> dns.mx("a.test")).isInstanceOf(DnsException.class);
    }

    @Test
    void a_referral_is_no_answer() {
        server.answers(response -> {
            response.getHeader().unsetFlag(Flags.RA);
            response.addRecord(FakeDns.record("test. 60 NS ns.test."), Section.AUTHORITY);
        });

        assertThatThrownBy(() -> dns.mx("a.test")).isInstanceOf(DnsException.class).hasMessageContaining("recurse");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 11, 12, 13, 20, 33})
    void an_answer_that_is_cut_off_is_none(int length) {
        server.says(query -> java.util.Arrays.copyOf(query.toWire(), length));

        assertThatThrownBy(() -> dns.mx("a.test")).isInstanceOf(DnsException.class);
    }

    @Test
    void garbage_behind_the_right_id_is_no_answer() {
        server.says(query -> {
            byte[] garbage = new byte[200];
            java.util.Arrays.fill(garbage, (byte) 0xc0);
            System.arraycopy(query.toWire(), 0, garbage, 0, 2);
            return garbage;
        });

        assertThatThrownBy(() -> dns.mx("a.test")).isInstanceOf(DnsException.class);
    }

    @Test
    void a_name_compressed_into_itself_is_no_answer() {
        server.says(query -> {
            byte[] wire = FakeDns.response(query, Rcode.NOERROR).toWire();
            wire[12] = (byte) 0xc0;
            wire[13] = 12;
            return wire;
        });

        assertThatThrownBy(() -> dns.mx("a.test")).isInstanceOf(DnsException.class);
    }

    @Test
    void a_server_from_before_edns_is_asked_without_it() throws DnsException {
        server.says(query -> {
            if (query.getOPT() != null) {
                return FakeDns.response(query, Rcode.FORMERR).toWire();
            }
            Message response = FakeDns.response(query, Rcode.NOERROR);
            response.addRecord(FakeDns.record("a.test. 60 MX 10 mx.test."), Section.ANSWER);
            return response.toWire();
        });

        assertThat(dns.mx("a.test").records()).hasSize(1);
        assertThat(server.asked()).containsExactly("udp a.test. MX", "udp a.test. MX without EDNS");
    }

    @Test
    void one_family_is_enough_if_the_other_fails() throws DnsException {
        server.says(query -> {
            boolean six = query.getQuestion().getType() == org.xbill.DNS.Type.AAAA;
            Message response = FakeDns.response(query, six ? Rcode.SERVFAIL : Rcode.NOERROR);
            if (!six) {
                response.addRecord(FakeDns.record("h.test. 60 A 192.0.2.1"), Section.ANSWER);
            }
            return response.toWire();
        });

        assertThat(dns.addresses("h.test").records()).containsExactly(ip("192.0.2.1"));
    }

    @Test
    void no_address_of_one_family_says_nothing_if_the_other_fails() {
        server.says(query -> FakeDns.response(query,
                query.getQuestion().getType() == org.xbill.DNS.Type.AAAA ? Rcode.SERVFAIL : Rcode.NOERROR).toWire());

        assertThatThrownBy(() -> dns.addresses("h.test")).isInstanceOf(DnsException.class);
    }

    @Test
    void an_interrupt_ends_a_question_and_stays_set() {
        server.says(query -> new byte[0]);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> dns.mx("a.test")).isInstanceOf(DnsException.class);
        assertThat(Thread.interrupted()).isTrue();

        server.serves("a.test. 60 MX 10 mx.test.");
        assertThat(CompletableFuture.supplyAsync(() -> records(dns, "a.test")).join()).as("it is not kept").hasSize(1);
    }

    // --- DNSSEC

    @ParameterizedTest
    @CsvSource({"loopback, true", "127.0.0.1, true", "192.0.2.53, false", "'', false"})
    void that_an_answer_is_validated_is_believed_from_trusted_servers_only(String trusted, boolean secure)
            throws DnsException {
        server.answers(response -> response.getHeader().setFlag(Flags.AD), "a.test. 60 MX 10 mx.test.");
        Set<InetAddress> addresses = trusted.matches("[0-9.]+") ? Set.of(ip(trusted)) : Set.of();
        StubDns asking = new StubDns(settings(List.of(server.address()), trusted.equals("loopback"), addresses),
                clock::get);

        assertThat(asking.mx("a.test").secure()).isEqualTo(secure);
    }

    @Test
    void a_chain_is_as_secure_as_its_weakest_link() throws DnsException {
        server.says(query -> {
            Message response = FakeDns.response(query, Rcode.NOERROR);
            boolean first = query.getQuestion().getName().toString().equals("a.test.");
            response.addRecord(FakeDns.record(first ? "a.test. 60 CNAME b.test." : "b.test. 60 MX 1 m.test."),
                    Section.ANSWER);
            if (!first) {
                response.getHeader().setFlag(Flags.AD);
            }
            return response.toWire();
        });

        assertThat(dns.mx("a.test").secure()).isFalse();
        assertThat(dns.mx("b.test").secure()).isTrue();
    }

    // --- the cache

    @Test
    void an_answer_is_kept_as_long_as_it_holds() throws DnsException {
        server.serves("a.test. 60 MX 10 mx.test.");

        askedAgainAfter(Duration.ofSeconds(59), 1);
        askedAgainAfter(Duration.ofSeconds(2), 2);
    }

    @Test
    void that_something_does_not_exist_is_kept_as_long_as_the_zone_says() throws DnsException {
        server.serves();

        askedAgainAfter(Duration.ofSeconds(59), 1);
        askedAgainAfter(Duration.ofSeconds(2), 2);
    }

    @Test
    void an_answer_is_kept_no_longer_than_configured() throws DnsException {
        server.serves("a.test. 999999 MX 10 mx.test.");

        askedAgainAfter(Duration.ofSeconds(3599), 1);
        askedAgainAfter(Duration.ofSeconds(2), 2);
    }

    @Test
    void an_answer_that_holds_for_no_time_is_not_kept() throws DnsException {
        server.serves("a.test. 0 MX 10 mx.test.");

        askedAgainAfter(Duration.ZERO, 2);
    }

    @Test
    void that_there_was_no_answer_is_kept_for_a_moment() {
        assertThatThrownBy(() -> dns.mx("a.test")).isInstanceOf(DnsException.class);
        assertThatThrownBy(() -> dns.mx("a.test")).isInstanceOf(DnsException.class).hasMessageContaining("SERVFAIL");
        assertThat(server.asked()).hasSize(1);

        clock.addAndGet(Duration.ofSeconds(6).toNanos());
        server.serves("a.test. 60 MX 10 mx.test.");
        assertThat(records(dns, "a.test")).hasSize(1);
    }

    @Test
    void the_cache_stays_within_its_size() throws DnsException {
        server.answers(response -> response.addRecord(
                FakeDns.record(response.getQuestion().getName() + " 60 MX 10 mx.test."), Section.ANSWER));
        Cache cache = new Cache(settings(List.of(server.address()), true, Set.of()).cache(), clock::get);

        for (int i = 0; i < 1000; i++) {
            Question question = new Question(FakeDns.record("n" + i + ".test. 1 MX 1 m.test.").getName(), 15);
            cache.put(question, new Findings(List.of(FakeDns.record("x.test. 60 MX 1 m.test.")), true, false, 60));
        }

        assertThat(cache.size()).isBetween(50, 200);
    }

    @Test
    void new_settings_hold_from_the_next_question_on() throws DnsException {
        server.serves("a.test. 60 MX 10 old.test.");
        second.serves("a.test. 60 MX 10 new.test.");
        assertThat(dns.mx("a.test").records()).containsExactly(new Mx(10, "old.test"));

        dns.change(settings(List.of(second.address()), true, Set.of()));

        assertThat(dns.mx("a.test").records()).containsExactly(new Mx(10, "new.test"));
    }

    // --- helpers

    private void askedAgainAfter(Duration time, int times) throws DnsException {
        Answer<Mx> first = dns.mx("a.test");
        clock.addAndGet(time.toNanos());
        assertThat(dns.mx("a.test")).isEqualTo(first);
        assertThat(server.asked()).hasSize(times);
    }

    private StubDns dns(List<InetSocketAddress> servers) {
        return new StubDns(settings(servers, true, Set.of()), clock::get);
    }

    private static Settings settings(List<InetSocketAddress> servers, boolean loopback, Set<InetAddress> trusted) {
        return new Settings(servers, loopback, trusted, Duration.ofMillis(200), Duration.ofMillis(1500), 1,
                new Settings.CacheLimits(50_000, Duration.ZERO, Duration.ofHours(1), Duration.ofMinutes(5),
                        Duration.ofSeconds(5)));
    }

    private static List<Mx> records(Dns dns, String domain) {
        try {
            return dns.mx(domain).records();
        } catch (DnsException e) {
            throw new AssertionError(e);
        }
    }

    private static String[] chain(int links) {
        String[] records = new String[links + 1];
        for (int i = 0; i < links; i++) {
            records[i] = "n" + i + ".test. 60 CNAME n" + (i + 1) + ".test.";
        }
        records[links] = "n" + links + ".test. 60 MX 10 mx.test.";
        return records;
    }

    private static InetAddress ip(String literal) {
        return InetAddress.ofLiteral(literal);
    }
}
