package org.staffetta.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {

    private static final RouteTable TABLE = RouteTable.parse(List
            .of("* smtp:[smarthost]:25", ".example.org smtp:[sub.example]",
                    "example.org lmtp:[127.0.0.1]:24", ".deep.example.org smtp:hub.example",
                    "a.deep.example.org archive:cold storage:1",
                    "bücher.example smtp:[IPv6:2001:DB8::1]:2525", " ", "[192.0.2.1]\tsmtp:[::1]")
            .stream()
            .map(entry -> entry.replace("cold storage", "cold-storage")).toList());

    @ParameterizedTest
    @CsvSource({"example.org, lmtp, [127.0.0.1]:24", "mail.example.org, smtp, [sub.example]",
            "x.y.example.org, smtp, [sub.example]", "deep.example.org, smtp, [sub.example]",
            "b.deep.example.org, smtp, hub.example", "a.deep.example.org, archive, cold-storage:1",
            "x.a.deep.example.org, smtp, hub.example", "xn--bcher-kva.example, smtp, [2001:db8::1]:2525",
            "[192.0.2.1], smtp, [::1]"})
    void the_most_specific_pattern_counts(String domain, String transport, String nextHop) {
        assertThat(TABLE.own(domain)).contains(new Hop(transport, nextHop));
        assertThat(TABLE.foreign(domain)).contains(new Hop(transport, nextHop));
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.net", "notexample.org", "org", "example.org.net", "[192.0.2.2]"})
    void the_star_is_for_foreign_domains_only(String domain) {
        assertThat(TABLE.own(domain)).isEmpty();
        assertThat(TABLE.foreign(domain)).contains(new Hop("smtp", "[smarthost]:25"));
    }

    @Test
    void without_routes_nothing_matches() {
        assertThat(RouteTable.parse(List.of()).foreign("example.org")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "example.org|allowed: PATTERN TRANSPORT:NEXTHOP",
            "example.org smtp:[a] x|allowed: PATTERN TRANSPORT:NEXTHOP",
            "example.org smtp|\"smtp\" is no transport and next hop; allowed: TRANSPORT:NEXTHOP such as smtp:[mail.example.org]:25",
            "example.org :x|\":x\" is no transport and next hop; allowed: TRANSPORT:NEXTHOP such as smtp:[mail.example.org]:25",
            "example.org SMTP:x|\"SMTP:x\" is no transport and next hop; allowed: TRANSPORT:NEXTHOP such as smtp:[mail.example.org]:25",
            "example.org smtp:|\"\" is no next hop; allowed: a domain (by its MX), [host], [host]:port with a port of 1 to 65535",
            "example.org smtp:host:25|\"host:25\" is no next hop; allowed: a domain (by its MX), [host], [host]:port with a port of 1 to 65535",
            "example.org lmtp:[h]:0|\"[h]:0\" is no next hop; allowed: a domain (by its MX), [host], [host]:port with a port of 1 to 65535",
            "example.org lmtp:[h]:65536|\"[h]:65536\" is no next hop; allowed: a domain (by its MX), [host], [host]:port with a port of 1 to 65535",
            "example.org smtp:[a b]|allowed: PATTERN TRANSPORT:NEXTHOP",
            "example.org smtp:[]|\"[]\" is no next hop; allowed: a domain (by its MX), [host], [host]:port with a port of 1 to 65535",
            "example.org mda:|a next hop must not be empty",
            "*.example.org smtp:[a]|\"*.example.org\" is no pattern; allowed: example.org, .example.org for its subdomains, * for all others",
            ".[192.0.2.1] smtp:[a]|\".[192.0.2.1]\" is no pattern; allowed: example.org, .example.org for its subdomains, * for all others",
            "a..b smtp:[a]|\"a..b\" is no pattern; allowed: example.org, .example.org for its subdomains, * for all others"})
    void a_bad_route_is_named_with_what_is_allowed(String entry, String message) {
        assertThatThrownBy(() -> RouteTable.parse(List.of("good.example smtp:[a]", entry)))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("routes: \"" + entry + "\": " + message);
    }

    @Test
    void a_pattern_stands_once() {
        assertThatThrownBy(() -> RouteTable.parse(List.of("bücher.example smtp:[a]", "XN--bcher-kva.example smtp:[b]")))
                .hasMessage(
                        "routes: \"XN--bcher-kva.example smtp:[b]\": there is a route for XN--bcher-kva.example already");
    }
}
