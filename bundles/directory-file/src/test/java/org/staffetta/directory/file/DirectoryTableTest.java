package org.staffetta.directory.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.directory.DirectoryEntry.Account;
import org.staffetta.api.directory.DirectoryEntry.Alias;
import org.staffetta.api.directory.DirectoryEntry.Foreign;
import org.staffetta.api.directory.DirectoryEntry.NoSuchUser;
import org.staffetta.api.mail.Address;
import org.staffetta.identity.Names;

class DirectoryTableTest {

    private static final String FILE = """
            # who gets mail here
            domain  demo.test
            domain  demo.example   same-as=demo.test   # other name
            domain  bücher.example
            domain  xn--caf-dma.example
            domain  partner.example  accept=any
            domain  all.example
            domain  [192.0.2.1]

            account alice@demo.test   tenant=demo quota=2K
            account Bob@Demo.Test
            account a+b@demo.test
            account "john doe"@demo.test
            account ünal@demo.test
            account leser@BÜCHER.example
            account gast@café.example
            account chef@partner.example
            account root@[192.0.2.1]
            alias   info@demo.test    alice@demo.test, bob@demo.test,carol@elsewhere.example
            alias   office@demo.test  info@demo.test
            alias   Postmaster@all.example alice@demo.test
            catch-all @all.example    bob@demo.test
            postmaster alice@demo.test
            """;

    private static final DirectoryTable TABLE = read();

    @ParameterizedTest
    @CsvSource({"alice@demo.test, alice@demo.test", "ALICE@Demo.TEST, alice@demo.test", "bob@demo.test, bob@demo.test",
            "alice+news@demo.test, alice@demo.test", "alice+a+b@demo.test, alice@demo.test",
            "a+b@demo.test, a+b@demo.test",
            "a+b+c@demo.test, a+b@demo.test", "ÜNAL@demo.test, ünal@demo.test", "u\u0308nal@demo.test, ünal@demo.test",
            "alice@demo.example, alice@demo.test", "alice+x@DEMO.example, alice@demo.test",
            "leser@bücher.example, leser@xn--bcher-kva.example",
            "leser@xn--bcher-kva.example, leser@xn--bcher-kva.example",
            "leser@XN--BCHER-KVA.example, leser@xn--bcher-kva.example",
            "leser@bu\u0308cher.example, leser@xn--bcher-kva.example",
            "gast@xn--caf-dma.example, gast@xn--caf-dma.example", "root@[192.0.2.1], root@[192.0.2.1]"})
    void an_address_of_an_account_has_its_id_however_it_is_written(String address, String id) throws IOException {
        assertThat(find(address)).isInstanceOfSatisfying(Account.class,
                account -> assertThat(account.id()).isEqualTo(id));
    }

    @Test
    void an_account_has_its_attributes_and_never_its_password() throws IOException {
        DirectoryTable table = table("domain d.test\npostmaster a@d.test\naccount a@d.test tenant=t quota=3M"
                + " password=" + Hashes.ARGON2);

        assertThat(table.find(Address.parse("a@d.test")))
                .isEqualTo(new Account("a@d.test", Map.of("tenant", "t", "quota", "3145728")));
    }

    @Test
    void a_quoted_name_is_found_as_the_wire_has_it() throws IOException {
        assertThat(find("\"John Doe\"@demo.test")).isEqualTo(new Account("\"john doe\"@demo.test", Map.of()));
    }

    @ParameterizedTest
    @CsvSource({"info@demo.test, alice@demo.test bob@demo.test carol@elsewhere.example",
            "info+2026@demo.test, alice@demo.test bob@demo.test carol@elsewhere.example",
            "OFFICE@demo.test, info@demo.test",
            "anything@all.example, bob@demo.test", "postmaster@all.example, alice@demo.test",
            "POSTMASTER@demo.test, alice@demo.test", "postmaster@demo.example, alice@demo.test",
            "postmaster+x@all.example, alice@demo.test"})
    void an_alias_has_its_members_in_their_order(String address, String members) throws IOException {
        assertThat(find(address)).isInstanceOfSatisfying(Alias.class, alias -> assertThat(
                alias.members().stream().map(Address::toString).collect(Collectors.joining(" "))).isEqualTo(members));
    }

    @ParameterizedTest
    @ValueSource(strings = {"carol@demo.test", "carol+x@demo.test", "+alice@demo.test", "+@demo.test", "ali@demo.test",
            "alice%elsewhere.example@demo.test", "\"alice@demo.test\"@demo.test", "anything@demo.example"})
    void an_unknown_name_of_ours_is_no_user(String address) throws IOException {
        assertThat(find(address)).isEqualTo(new NoSuchUser());
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice@elsewhere.example", "alice@sub.demo.test", "alice@test", "alice@demo.test.example",
            "alice@[127.0.0.1]", "alice@[192.0.2.2]", "alice@localhost", "postmaster@elsewhere.example"})
    void everything_else_is_foreign(String address) throws IOException {
        assertThat(find(address)).isEqualTo(new Foreign());
    }

    @Test
    void a_relay_domain_accepts_any_name_and_says_so() throws IOException {
        assertThat(find("who.ever@partner.example"))
                .isEqualTo(new Account("who.ever@partner.example", Map.of("accept", "any")));
        assertThat(find("chef@partner.example")).isEqualTo(new Account("chef@partner.example", Map.of()));
    }

    @Test
    void without_a_separator_there_are_no_subaddresses() throws IOException {
        DirectoryTable table = new DirectoryReader("f", "", 1 << 20)
                .read("domain d.test\naccount a@d.test\npostmaster a@d.test".getBytes(UTF_8));

        assertThat(table.find(Address.parse("a+b@d.test"))).isEqualTo(new NoSuchUser());
    }

    @Test
    void another_separator_may_have_more_than_one_character() throws IOException {
        DirectoryTable table = new DirectoryReader("f", "--", 1 << 20)
                .read("domain d.test\naccount a@d.test\npostmaster a@d.test".getBytes(UTF_8));

        assertThat(table.find(Address.parse("a--b@d.test"))).isInstanceOf(Account.class);
        assertThat(table.find(Address.parse("a-b@d.test"))).isInstanceOf(NoSuchUser.class);
    }

    @Test
    void the_postmaster_of_the_host_is_the_general_one_or_else_the_first() throws IOException {
        assertThat(table(FILE).hostPostmaster()).isEqualTo(new Alias(List.of(Address.parse("alice@demo.test"))));
        assertThat(table("domain x.example accept=any\ndomain d.test\naccount postmaster@d.test").hostPostmaster())
                .isEqualTo(new Account("postmaster@d.test", Map.of()));
        assertThat(table("").hostPostmaster()).isEqualTo(new Foreign());
    }

    @Property
    void no_address_makes_a_look_up_fail(@ForAll @StringLength(min = 1, max = 15) String local,
            @ForAll @StringLength(min = 1, max = 12) @CharRange(from = 'a', to = 'd') @CharRange(from = '.', to = '.') @CharRange(from = '\u00df', to = '\u00fc') @CharRange(from = '\u3002', to = '\u3002') String domain) {
        Address address;
        try {
            address = new Address(local, domain);
        } catch (IllegalArgumentException none) {
            return;
        }
        assertThat(TABLE.find(address)).isNotNull();
        assertThat(Names.domain(Names.domain(domain))).isEqualTo(Names.domain(domain));
    }

    @Test
    void a_letter_that_idna_2003_maps_to_others_makes_another_domain() {
        assertThat(Names.domain("faß.de")).isEqualTo("faß.de").isNotEqualTo(Names.domain("fass.de"));
        assertThat(Names.domain("xn--fa-hia.de")).isEqualTo("xn--fa-hia.de");
    }

    private static DirectoryEntry find(String address) throws IOException {
        return TABLE.find(Address.parse(address));
    }

    private static DirectoryTable read() {
        try {
            return table(FILE);
        } catch (IOException bad) {
            throw new AssertionError(bad);
        }
    }

    private static DirectoryTable table(String text) throws IOException {
        return new DirectoryReader("directory.txt", "+", 1 << 20).read(text.getBytes(UTF_8));
    }
}
