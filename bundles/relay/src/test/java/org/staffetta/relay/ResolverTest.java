package org.staffetta.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResolverTest extends RelayFixture {

    private final Random random = new Random(7);

    @ParameterizedTest
    @CsvSource({"example.org, example.org, 25, true, false", "Example.ORG., example.org, 25, true, false",
            "example.org:2525, example.org, 2525, true, true",
            "[mail.example.org], mail.example.org, 25, false, true",
            "[mail.example.org]:2525, mail.example.org, 2525, false, true", "[192.0.2.1], 192.0.2.1, 25, false, false",
            "[192.0.2.1]:26, 192.0.2.1, 26, false, true", "192.0.2.1, 192.0.2.1, 25, false, false",
            "192.0.2.1:26, 192.0.2.1, 26, false, true", "[2001:db8::1], 2001:db8::1, 25, false, false",
            "[IPv6:2001:db8::1], 2001:db8::1, 25, false, false", "[2001:db8::1]:26, 2001:db8::1, 26, false, true",
            "2001:db8::1, 2001:db8::1, 25, false, false", "localhost:2525, localhost, 2525, true, true"})
    void a_next_hop_is_read(String text, String host, int port, boolean byMx, boolean explicit) {
        assertThat(NextHop.parse(text, 25)).isEqualTo(new NextHop(host, port, byMx, explicit));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "[", "[]", "[a", "a]", "a:b", "a:", "a:0", "a:65536", "a:999999", "[a]:0", "[a]b",
            "[a]]", "[[a]]:1"})
    void what_is_no_next_hop_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> NextHop.parse(text, 25));
    }

    @Test
    void preferences_are_kept_and_equals_are_in_any_order() {
        dns.mx("to.test", 20, "c.test").mx("to.test", 10, "a.test").mx("to.test", 10, "b.test").mx("to.test", 30,
                "d.test");
        dns.address("a.test", "192.0.2.1").address("b.test", "192.0.2.2").address("c.test", "192.0.2.3").address(
                "d.test",
                "192.0.2.4");

        Set<List<String>> seen = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            seen.add(hosts("to.test", defaults));
        }

        assertThat(seen).containsExactlyInAnyOrder(List.of("a.test", "b.test", "c.test", "d.test"),
                List.of("b.test", "a.test", "c.test", "d.test"));
    }

    @Test
    void a_domain_without_mx_is_its_own_server() {
        dns.address("to.test", "192.0.2.1");

        assertThat(hosts("to.test", defaults)).containsExactly("to.test");
    }

    @Test
    void a_null_mx_beside_others_means_nothing() {
        dns.mx("to.test", 0, "").mx("to.test", 10, "a.test").address("a.test", "192.0.2.1");

        assertThat(hosts("to.test", defaults)).containsExactly("a.test");
    }

    @ParameterizedTest
    @CsvSource({"relay.test, ''", "RELAY.test, ''", "other.test, other.test", "nat.test, 203.0.113.9"})
    void we_and_all_that_are_worse_are_left_out(String us, String own) {
        dns.mx("to.test", 10, "a.test").mx("to.test", 20, us).mx("to.test", 20, "b.test").mx("to.test", 30, "c.test");
        dns.address("a.test", "192.0.2.1").address("b.test", "192.0.2.2").address("c.test", "192.0.2.3").address(
                "nat.test",
                "203.0.113.9");

        assertThat(hosts("to.test", withFamily(Settings.Family.ANY, List.of(), Set.of(own)))).containsExactly("a.test");
    }

    @Test
    void families_take_turns_so_that_a_broken_one_costs_little() {
        dns.address("to.test", "192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1", "2001:db8::2");

        assertThat(families(Settings.Family.IPV6)).isEqualTo("64644");
        assertThat(families(Settings.Family.IPV4)).isEqualTo("46464");
        assertThat(families(Settings.Family.ANY)).isIn("64644", "46464");
        assertThat(families(Settings.Family.IPV6_ONLY)).isEqualTo("66");
        assertThat(families(Settings.Family.IPV4_ONLY)).isEqualTo("444");
    }

    @Test
    void addresses_that_are_nowhere_are_left_out() {
        dns.address("to.test", "0.0.0.0", "::", "224.0.0.1", "ff02::1", "192.0.2.1");

        assertThat(targets("to.test", defaults)).extracting(Target::remote).containsExactly("to.test[192.0.2.1]:25");
    }

    @Test
    void of_a_thousand_mail_exchangers_only_some_are_looked_up() {
        IntStream.range(0, 1000).forEach(i -> dns.mx("to.test", 10, "mx" + i + ".test"));

        assertThat(resolve("to.test", defaults)).isInstanceOf(Resolution.Nowhere.class);
        assertThat(dns.asked()).hasSizeLessThan(30);
    }

    @Test
    void servers_that_nobody_will_try_are_not_looked_up() {
        IntStream.range(0, 9)
                .forEach(i -> dns.mx("to.test", i, "mx" + i + ".test").address("mx" + i + ".test", "192.0.2." + i));

        resolve("to.test", defaults);

        assertThat(dns.asked()).containsExactly("to.test", "mx0.test", "mx1.test", "mx2.test", "mx3.test", "mx4.test");
    }

    private String families(Settings.Family family) {
        return targets("to.test", withFamily(family, List.of(), Set.of())).stream()
                .map(target -> target.address().getAddress()).map(InetAddress::getAddress)
                .map(octets -> octets.length == 4 ? "4" : "6").reduce("", String::concat);
    }

    private List<String> hosts(String domain, Settings settings) {
        return targets(domain, settings).stream().map(Target::host).toList();
    }

    private List<Target> targets(String domain, Settings settings) {
        return ((Resolution.Servers) resolve(domain, settings)).targets();
    }

    private Resolution resolve(String domain, Settings settings) {
        return new Resolver(dns, settings, new Ourselves(), random).resolve(NextHop.parse(domain, 25));
    }
}
