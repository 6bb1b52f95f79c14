package org.staffetta.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
import org.staffetta.testkit.DirectoryContract;

/** The contract, by LDAP, and the look-up that is as the file's. */
class LdapDirectoryTest extends DirectoryContract {

    private static final String ANY_ADDRESS = "account.filter=(&(objectClass=inetOrgPerson)(|(mail={address})(mailAlternateAddress={address})))";

    private static LdapServer server;
    private final List<LdapService> opened = new ArrayList<>();
    private LdapService service;

    @BeforeAll
    static void start() throws LDAPException {
        server = new LdapServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void begin() {
        server.forget();
        service = open(ANY_ADDRESS);
    }

    @AfterEach
    void close() {
        server.has(Optional.empty());
        opened.forEach(LdapService::close);
    }

    @Override
    protected Directory directory() {
        return service;
    }

    @ParameterizedTest
    @CsvSource({"ALICE@Demo.TEST, alice@demo.test", "alice+news@demo.test, alice@demo.test",
            "alice+a+b@demo.test, alice@demo.test", "a+b+c@demo.test, a+b@demo.test",
            "wonder@demo.test, alice@demo.test", "Wonder+x@demo.test, alice@demo.test"})
    void case_subaddress_and_other_addresses_of_an_account_do_not_matter(String address, String id)
            throws IOException {
        assertThat(find(address)).isInstanceOfSatisfying(Account.class,
                account -> assertThat(account.id()).isEqualTo(id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"+alice@demo.test", "+@demo.test", "carol+x@demo.test"})
    void a_subaddress_needs_a_name(String address) throws IOException {
        assertThat(find(address)).isEqualTo(new NoSuchUser());
    }

    @Test
    void without_a_separator_there_are_no_subaddresses() throws IOException {
        LdapService strict = open("separator=");
        assertThat(strict.find(Address.parse("alice+x@demo.test"))).isEqualTo(new NoSuchUser());
        assertThat(strict.find(Address.parse("a+b@demo.test"))).isInstanceOf(Account.class);
    }

    @Test
    void a_name_of_nothing_but_separators_costs_few_searches() throws IOException {
        assertThat(find("a" + "+".repeat(63) + "@demo.test")).isEqualTo(new NoSuchUser());
        assertThat(server.asked).hasSizeLessThan(20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"*\"@demo.test", "\"ali*\"@demo.test", "\"*)(uid=*\"@demo.test",
            "\"alice)(|(uid=*\"@demo.test", "\"x))(|(mail=*\"@demo.test",
            "\"alice)(objectClass=*))(&(uid=a\"@demo.test",
            "\"\\\\2a\"@demo.test", "\"&\"@demo.test", "\"!(mail=x)\"@demo.test", "\"{address}\"@demo.test",
            "\"{domain}\"@demo.test", "\"alice,dc=demo\"@demo.test", "\"alice \"@demo.test", "\"\u2217\"@demo.test"})
    void what_looks_like_a_piece_of_a_filter_is_a_name_like_others(String address) throws IOException {
        assertThat(find(address)).isEqualTo(new NoSuchUser());
        LdapService byName = open("account.filter=(&(objectClass=inetOrgPerson)(uid={local}))");
        assertThat(byName.find(Address.parse(address)))
                .isIn(new NoSuchUser(), new Account("alice@demo.test", Map.of("tenant", "demo")));
        LdapService byPart = open("account.filter=(&(objectClass=inetOrgPerson)(mail={local}@*))");
        assertThat(byPart.find(Address.parse(address))).isEqualTo(new NoSuchUser());
        assertThat(server.asked).noneMatch(filter -> filter.contains("=*)"));
    }

    @Test
    void an_account_with_forwarding_is_an_alias() throws IOException {
        LdapService forwarding = open("account.forward=mailForwardingAddress");
        assertThat(forwarding.find(Address.parse("away@demo.test"))).isEqualTo(
                new Alias(List.of(Address.parse("x@elsewhere.example"), Address.parse("bob@demo.test"))));
        assertThat(forwarding.find(Address.parse("bob@demo.test"))).isInstanceOf(Account.class);
        assertThat(find("away@demo.test")).as("without that setting").isInstanceOf(Account.class);
    }

    @Test
    void a_domain_may_be_an_entry() throws IOException {
        LdapService filtered = open("domains=", "domain.filter=(associatedDomain={domain})");
        assertThat(filtered.find(Address.parse("x@filtered.example"))).isEqualTo(new NoSuchUser());
        assertThat(filtered.find(Address.parse("x@Filtered.Example"))).isEqualTo(new NoSuchUser());
        assertThat(filtered.find(Address.parse("x@other.example"))).isEqualTo(new Foreign());
        assertThat(filtered.find(Address.parse("alice@demo.test"))).isEqualTo(new Foreign());
    }

    @Test
    void the_catch_all_gets_what_is_for_nobody_else() throws IOException {
        LdapService all = open("domains=demo.test, all.example", "catchall.filter=(cn=@{domain})",
                "postmaster=alice@demo.test");
        Alias bob = new Alias(List.of(Address.parse("bob@demo.test")));
        assertThat(all.find(Address.parse("anything@all.example"))).isEqualTo(bob);
        assertThat(all.find(Address.parse("postmaster@all.example"))).as("before the catch-all")
                .isEqualTo(new Alias(List.of(Address.parse("alice@demo.test"))));
        assertThat(all.find(Address.parse("anything@demo.test"))).isEqualTo(new NoSuchUser());
    }

    @Test
    void the_postmaster_of_all_stands_in_where_a_domain_and_this_host_have_none() throws IOException {
        assertThat(find("postmaster@demo.test")).isEqualTo(new NoSuchUser());
        assertThat(find("postmaster@mail.demo.test")).isEqualTo(new Foreign());
        LdapService with = open("postmaster=alice@demo.test");
        DirectoryEntry alice = new Alias(List.of(Address.parse("alice@demo.test")));
        assertThat(with.find(Address.parse("Postmaster@demo.test"))).isEqualTo(alice);
        assertThat(with.find(Address.parse("postmaster@mail.demo.test"))).as("this host").isEqualTo(alice);
        assertThat(with.find(Address.parse("root@mail.demo.test"))).isEqualTo(new Foreign());
        assertThat(with.find(Address.parse("postmaster@elsewhere.example"))).isEqualTo(new Foreign());
    }

    @ParameterizedTest
    @CsvSource({"empty@demo.test, has of rfc822MailMember none", "wrong@demo.test, one that is no address",
            "two@demo.test, has of mail several", "twin@demo.test, more than one entry"})
    void what_is_wrong_in_an_entry_makes_that_answer_uncertain_and_no_other(String address, String message)
            throws IOException {
        assertThatThrownBy(() -> find(address)).isInstanceOf(IOException.class).hasMessageContaining(message);
        assertThat(find("bob@demo.test")).isInstanceOf(Account.class);
    }

    @Test
    void an_id_that_is_no_address_is_none() {
        LdapService byName = open("account.filter=(uid={local})");
        assertThatThrownBy(() -> byName.find(Address.parse("odd@demo.test"))).isInstanceOf(IOException.class)
                .hasMessageContaining("uid=odd").hasMessageContaining("no address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BUSY", "UNAVAILABLE", "OPERATIONS_ERROR", "TIME_LIMIT_EXCEEDED", "ADMIN_LIMIT_EXCEEDED",
            "SIZE_LIMIT_EXCEEDED", "INSUFFICIENT_ACCESS_RIGHTS", "NO_SUCH_OBJECT", "REFERRAL", "UNWILLING_TO_PERFORM",
            "INVALID_CREDENTIALS"})
    void no_error_of_the_server_means_that_there_is_no_such_user(String code) throws Exception {
        server.has(Optional.of((ResultCode) ResultCode.class.getField(code).get(null)));
        assertThatThrownBy(() -> find("nobody@demo.test")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> find("alice@demo.test")).isInstanceOf(IOException.class);
        assertThat(find("x@elsewhere.example")).isEqualTo(new Foreign());
        server.has(Optional.empty());
        assertThat(find("nobody@demo.test")).isEqualTo(new NoSuchUser());
    }

    @Test
    void what_is_remembered_is_so_for_its_time_and_trouble_never_is() throws IOException {
        long[] now = {0};
        Settings settings = settings("cache.ttl=5s", "cache.negative.ttl=2s", "cache.size=2");
        Ldap ldap = new Ldap(settings.server());
        LdapDirectory directory = new LdapDirectory(ldap, settings, () -> now[0]);
        directory.find(Address.parse("bob@demo.test"));
        directory.find(Address.parse("nobody@demo.test"));
        server.has(Optional.of(ResultCode.BUSY));
        assertThat(directory.find(Address.parse("BOB@demo.test"))).isInstanceOf(Account.class);
        assertThat(directory.find(Address.parse("nobody@demo.test"))).isEqualTo(new NoSuchUser());
        assertThatThrownBy(() -> directory.find(Address.parse("alice@demo.test"))).isInstanceOf(IOException.class);

        now[0] = 2_000_000_000L;
        assertThatThrownBy(() -> directory.find(Address.parse("nobody@demo.test"))).isInstanceOf(IOException.class);
        assertThat(directory.find(Address.parse("bob@demo.test"))).isInstanceOf(Account.class);
        server.has(Optional.empty());
        directory.find(Address.parse("alice@demo.test"));
        directory.find(Address.parse("a+b@demo.test"));
        server.has(Optional.of(ResultCode.BUSY));
        assertThatThrownBy(() -> directory.find(Address.parse("bob@demo.test"))).as("too many").isInstanceOf(
                IOException.class);
        ldap.close();
    }

    private LdapService open(String... overrides) {
        LdapService fresh = new LdapService(settings(overrides));
        opened.add(fresh);
        return fresh;
    }

    private static Settings settings(String... overrides) {
        List<String> all = new ArrayList<>(List.of("url=" + server.url(), "bind.dn=" + LdapServer.OWN,
                "bind.password=own-secret", "base=" + LdapServer.BASE, "domains=demo.test, b\u00fccher.example",
                "account.attributes=tenant=o", "alias.filter=(&(objectClass=nisMailAlias)(cn={address}))",
                "alias.members=rfc822MailMember", "hostname=mail.demo.test"));
        all.addAll(List.of(overrides));
        return TestConfig.settings(all.toArray(String[]::new));
    }
}
