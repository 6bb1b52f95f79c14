package org.staffetta.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.directory.DirectoryEntry.Account;
import org.staffetta.api.directory.DirectoryEntry.Alias;
import org.staffetta.api.directory.DirectoryEntry.Foreign;
import org.staffetta.api.directory.DirectoryEntry.NoSuchUser;
import org.staffetta.api.mail.Address;
import org.staffetta.api.routing.Route;
import org.staffetta.plugins.TestPlugins;

@Timeout(30)
class TableRouterTest {

    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final List<String> FILE_FIRST = List.of("file", "*");

    private final TestPlugins plugins = new TestPlugins();
    private final Directories directories = new Directories(plugins);

    @BeforeEach
    void aDirectory() {
        plugins.put(Directory.class, TableRouterTest::file, "file");
    }

    private static DirectoryEntry file(Address address) {
        if (address.domain().equals("partner.example") || address.domain().equals("lost.example")) {
            return new Account(address.toString(), Map.of("accept", "any"));
        }
        if (!address.domain().equals("demo.test") && !address.domain().equals("lmtp.test")) {
            return new Foreign();
        }
        return switch (address.localPart()) {
            case "alice" -> new Account("alice@" + address.domain(), Map.of());
            case "info" -> new Alias(List.of(Address.parse("alice@demo.test"), Address.parse("bob@elsewhere.example")));
            default -> new NoSuchUser();
        };
    }

    @Test
    void an_account_is_local_to_the_mda() throws IOException {
        assertThat(route("alice@demo.test")).isEqualTo(new Route.Local("mda", "demo.test"));
        assertThat(route("alice@demo.test", "* smtp:[smarthost]:25")).isEqualTo(new Route.Local("mda", "demo.test"));
    }

    @Test
    void a_route_for_an_own_domain_replaces_the_mda_and_the_recipient_is_still_verified() throws IOException {
        String route = "lmtp.test lmtp:[127.0.0.1]:24";

        assertThat(route("alice@lmtp.test", route)).isEqualTo(new Route.Local("lmtp", "[127.0.0.1]:24"));
        assertThat(route("nobody@lmtp.test", route)).isEqualTo(new Route.Unknown());
    }

    @Test
    void an_alias_has_its_members_and_an_unknown_name_is_unknown() throws IOException {
        assertThat(route("info@demo.test")).isEqualTo(
                new Route.Alias(List.of(Address.parse("alice@demo.test"), Address.parse("bob@elsewhere.example"))));
        assertThat(route("nobody@demo.test")).isEqualTo(new Route.Unknown());
    }

    @ParameterizedTest
    @CsvSource({"x@elsewhere.example, elsewhere.example", "x@BÜCHER.example, xn--bcher-kva.example",
            "x@xn--bcher-kva.example, xn--bcher-kva.example", "x@[192.0.2.1], [192.0.2.1]",
            "x@[IPv6:2001:db8::1], [2001:db8:0:0:0:0:0:1]", "x@192.0.2.1, [192.0.2.1]",
            "x@1.2.3.example, 1.2.3.example"})
    void a_foreign_recipient_goes_by_mx_or_to_its_literal(String recipient, String nextHop) throws IOException {
        assertThat(route(recipient)).isEqualTo(new Route.Relay("smtp", nextHop));
    }

    @ParameterizedTest
    @CsvSource({"x@elsewhere.example, smtp, [smarthost]:25", "x@example.org, lmtp, [127.0.0.1]:2424",
            "x@mail.example.org, smtp, [sub]", "x@[192.0.2.1], smtp, [smarthost]:25"})
    void a_foreign_recipient_goes_by_a_route_where_one_fits(String recipient, String transport, String nextHop)
            throws IOException {
        assertThat(route(recipient, "* smtp:[smarthost]:25", "example.org lmtp:[127.0.0.1]:2424",
                ".example.org smtp:[sub]"))
                .isEqualTo(new Route.Relay(transport, nextHop));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x@[127.0.0.1]", "x@[127.1.2.3]", "x@[0.0.0.0]", "x@[224.0.0.1]", "x@[169.254.1.1]",
            "x@[IPv6:::1]",
            "x@[IPv6:::]", "x@[IPv6:::ffff:127.0.0.1]", "x@[IPv6:fe80::1]", "x@[::1]", "x@[localhost]", "x@[1.2.3]",
            "x@[256.1.1.1]", "x@[x400:abc]", "x@[IPv6:1.2.3.4]", "x@[IPv6:zz]", "x@127.0.0.1", "x@0.0.0.0",
            "x@224.0.0.1",
            "x@169.254.169.254", "x@256.1.1.1"})
    void a_literal_that_is_no_other_host_is_refused(String recipient) throws IOException {
        assertThat(route(recipient)).isInstanceOfSatisfying(Route.Refuse.class, refuse -> assertThat(refuse.reply())
                .hasToString("550 5.1.2 that address literal is not the address of another host"));
    }

    @Test
    void a_relay_domain_goes_where_its_route_says() throws IOException {
        assertThat(route("who.ever@partner.example", "partner.example smtp:[mail.partner.example]:25"))
                .isEqualTo(new Route.Local("smtp", "[mail.partner.example]:25"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"other.example smtp:[a]", "* smtp:[smarthost]", "lost.example mda:x",
            ".lost.example smtp:[a]"})
    void a_relay_domain_without_a_route_of_its_own_is_told_to_come_back(String routes) throws IOException {
        assertThat(route("x@lost.example", routes)).isInstanceOfSatisfying(Route.Refuse.class,
                refuse -> assertThat(refuse.reply())
                        .hasToString("451 4.3.5 this server has no route for that domain yet; try again later"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%elsewhere.example@partner.example", "elsewhere.example!a@partner.example",
            "\"a@elsewhere.example\"@partner.example", "\"@x:a\"@partner.example"})
    void a_relay_domain_gets_no_source_route(String recipient) throws IOException {
        assertThat(route(recipient, "partner.example smtp:[mail.partner.example]")).isInstanceOfSatisfying(
                Route.Refuse.class,
                refuse -> assertThat(refuse.reply().toString()).startsWith("550 5.7.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%elsewhere.example@demo.test", "elsewhere.example!a@demo.test",
            "\"a@elsewhere.example\"@demo.test"})
    void a_source_route_within_a_local_part_is_just_a_name(String recipient) throws IOException {
        assertThat(route(recipient)).isEqualTo(new Route.Unknown());
    }

    @Test
    void the_first_directory_that_knows_the_domain_decides() throws IOException {
        plugins.put(Directory.class, address -> new Account("other", Map.of()), 5, "ldap");

        assertThat(route("nobody@demo.test")).isEqualTo(new Route.Unknown());
        assertThat(route("x@elsewhere.example")).isEqualTo(new Route.Local("mda", "elsewhere.example"));
        assertThat(router(List.of("*"), SHORT).route(Address.parse("nobody@demo.test")))
                .isEqualTo(new Route.Local("mda", "demo.test"));
        assertThat(router(List.of("*", "file"), SHORT).route(Address.parse("nobody@demo.test")))
                .isEqualTo(new Route.Local("mda", "demo.test"));
    }

    @Test
    void of_two_directories_of_one_name_the_newer_is_asked() throws IOException {
        plugins.put(Directory.class, address -> new Account("new", Map.of()), "file");

        assertThat(route("nobody@demo.test")).isEqualTo(new Route.Local("mda", "demo.test"));
    }

    @Test
    void a_missing_directory_is_waited_for_and_then_nobody_can_tell() {
        assertThatThrownBy(() -> router(List.of("ldap", "file"), SHORT).route(Address.parse("alice@demo.test")))
                .isInstanceOf(IOException.class).hasMessage("there is no directory ldap");
    }

    @Test
    void a_directory_that_comes_in_time_is_asked() throws Exception {
        Thread late = Thread.ofVirtual()
                .start(() -> plugins.put(Directory.class, address -> new Foreign(), "ldap"));

        assertThat(router(List.of("ldap", "file"), LONG).route(Address.parse("alice@demo.test")))
                .isEqualTo(new Route.Local("mda", "demo.test"));
        late.join();
        assertThat(plugins.leases()).as("leases after the answer").isZero();
    }

    @Test
    void without_any_directory_nobody_can_tell() {
        Directory gone = address -> new Foreign();
        TestPlugins empty = new TestPlugins().put(Directory.class, gone, "gone");
        empty.remove(gone);
        Directories none = new Directories(empty);

        assertThatThrownBy(() -> new TableRouter(none, List.of("*"), RouteTable.parse(List.of()), "mda", SHORT)
                .route(Address.parse("x@y.example"))).hasMessage("there is no directory *");
    }

    @Test
    void an_interrupt_ends_the_waiting() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> router(List.of("ldap"), LONG).route(Address.parse("alice@demo.test")))
                .isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void a_directory_that_fails_is_no_reason_to_refuse() {
        plugins.put(Directory.class, address -> {
            throw new IllegalStateException("a bug");
        }, "broken");
        plugins.put(Directory.class, address -> null, "silent");

        assertThatThrownBy(() -> router(List.of("broken"), SHORT).route(Address.parse("alice@demo.test")))
                .isInstanceOf(IOException.class)
                .hasMessage("the directory broken failed: java.lang.IllegalStateException: a bug");
        assertThatThrownBy(() -> router(List.of("silent"), SHORT).route(Address.parse("alice@demo.test")))
                .isInstanceOf(IOException.class).hasMessage("the directory silent gave no answer");
    }

    private Route route(String recipient, String... routes) throws IOException {
        return new TableRouter(directories, FILE_FIRST, RouteTable.parse(List.of(routes)), "mda", SHORT)
                .route(Address.parse(recipient));
    }

    private TableRouter router(List<String> order, Duration patience) {
        return new TableRouter(directories, order, RouteTable.parse(List.of()), "mda", patience);
    }
}
