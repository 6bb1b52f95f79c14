package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.mail.Address;

/** A part of all transactions, and always the same one. */
class ShareTest {

    private static final int MANY = 20_000;

    private static List<String> domains() {
        return IntStream.range(0, MANY).mapToObj(i -> "host" + i + ".example.org").toList();
    }

    @ParameterizedTest
    @CsvSource({"5%,1000", "0.5%,100", "50%,10000", "0%,0", "100%,20000", "99.5%,19900"})
    void it_is_about_as_large_as_it_says(String text, int expected) {
        Share share = Share.parse(text);
        long count = domains().stream().filter(domain -> share.has("subject", domain)).count();
        // four times the standard deviation
        double spread = 4 * Math.sqrt(expected * (1 - (double) expected / MANY));
        assertThat((double) count).isBetween(expected - spread, expected + spread);
        assertThat(share).hasToString(text);
    }

    @Test
    void a_larger_one_contains_a_smaller() {
        Share small = Share.parse("5%");
        Share large = Share.parse("10%");
        assertThat(domains()).filteredOn(domain -> small.has("subject", domain))
                .allMatch(domain -> large.has("subject", domain));
    }

    @Test
    void it_is_the_same_on_every_machine_and_every_day() {
        Share half = Share.parse("50%");
        String which = IntStream.range(0, 16).mapToObj(i -> half.has("subject", i + ".example") ? "1" : "0")
                .collect(Collectors.joining());
        assertThat(which).as("which of sixteen: a change here moves everybody's trials to other senders")
                .isEqualTo("0010010111000110");
    }

    @Test
    void those_of_two_filters_have_nothing_to_do_with_each_other() {
        Share half = Share.parse("50%");
        long both = domains().stream().filter(domain -> half.has("a", domain) && half.has("b", domain)).count();
        assertThat(both).isBetween(4_700L, 5_300L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "101%", "-1%", "5.123%", "%", "five", "", "100.01%"})
    void what_is_no_share_is_refused(String text) {
        assertThatThrownBy(() -> Share.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not a share; write 5% or 0.5%, at most 100%");
    }

    @Test
    void a_sender_is_told_by_his_domain_and_nobody_by_his_network() {
        InetAddress client = InetAddress.ofLiteral("192.0.2.7");
        assertThat(Share.key(Address.parse("a@Example.org"), client)).isEqualTo("example.org")
                .isEqualTo(Share.key(Address.parse("b@example.org"), InetAddress.ofLiteral("198.51.100.1")));
        assertThat(Share.key(Address.NULL, client)).isEqualTo(Share.key(InetAddress.ofLiteral("192.0.2.200")))
                .isNotEqualTo(Share.key(InetAddress.ofLiteral("192.0.3.7")));
        assertThat(Share.key(InetAddress.ofLiteral("2001:db8:0:1::1")))
                .isEqualTo(Share.key(InetAddress.ofLiteral("2001:db8:0:1:ffff::2")))
                .isNotEqualTo(Share.key(InetAddress.ofLiteral("2001:db8:0:2::1")));
    }
}
