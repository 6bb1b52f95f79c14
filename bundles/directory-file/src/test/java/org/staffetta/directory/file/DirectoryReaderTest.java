package org.staffetta.directory.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.directory.DirectoryEntry.Account;
import org.staffetta.api.mail.Address;

class DirectoryReaderTest {

    private static final String GOOD = "domain d.test\naccount a@d.test\npostmaster a@d.test\n";

    static Stream<Arguments> errors() {
        return Stream.of(
                Arguments.of("user a@d.test",
                        "4: 'user' is unknown; allowed: domain, account, alias, catch-all, postmaster"),
                Arguments.of("Domain e.test",
                        "4: 'Domain' is unknown; allowed: domain, account, alias, catch-all, postmaster"),
                Arguments.of("domain", "4: allowed: domain NAME [accept=any | same-as=DOMAIN]"),
                Arguments.of("domain e.test x y", "4: allowed: domain NAME [accept=any | same-as=DOMAIN]"),
                Arguments.of("domain e..test", "4: 'e..test' is no domain name"),
                Arguments.of("domain D.test", "4: domain d.test is there already, in line 1"),
                Arguments.of("domain e.test accept=some",
                        "4: domain e.test: 'accept=some' is unknown; allowed: accept=any, same-as=DOMAIN"),
                Arguments.of("domain e.test same-as=f.test",
                        "4: domain e.test is the same as f.test, which is not there; it needs a line \"domain f.test\""),
                Arguments.of("domain e.test same-as=d.test\ndomain f.test same-as=e.test",
                        "5: domain f.test is the same as e.test, which is the same as another; name that one"),
                Arguments.of("account b@d.test login=yes",
                        "4: account b@d.test: login 'yes' is unknown; allowed: no, so that nobody logs in as this account"),
                Arguments.of("account",
                        "4: allowed: account ADDRESS [password=HASH] [quota=OCTETS] [tenant=NAME] [login=no]"),
                Arguments.of("account bob", "4: 'bob' is no address: an address needs a domain"),
                Arguments.of("account b ob@d.test", "4: 'b' is no address: an address needs a domain"),
                Arguments.of("account A@D.test", "4: A@d.test is there already, as an account, in line 2"),
                Arguments.of("alias a@d.test b@e.test", "4: a@d.test is there already, as an account, in line 2"),
                Arguments.of("alias i@d.test a@d.test\naccount i@d.test",
                        "5: i@d.test is there already, as an alias, in line 4"),
                Arguments.of("account bob@e.test\naccount c@f.test",
                        "4: bob@e.test has a domain that is not ours; it needs a line \"domain e.test\""),
                Arguments.of("domain e.test same-as=d.test\naccount bob@e.test",
                        "5: bob@e.test has a domain that is the same as d.test; write bob@d.test"),
                Arguments.of("account b@d.test passwort=x",
                        "4: account b@d.test: 'passwort' is unknown; allowed: password=HASH, quota=OCTETS, tenant=NAME, login=no"),
                Arguments.of("account b@d.test tenant=a tenant=b", "4: account b@d.test: tenant is there twice"),
                Arguments.of("account b@d.test quota=many",
                        "4: account b@d.test: quota 'many' is no size; allowed: octets, or with K, M, G or T as in 500M"),
                Arguments.of("account b@d.test quota=99999999T",
                        "4: account b@d.test: quota 99999999T is larger than any disk"),
                Arguments.of("account b@d.test tenant=a/b",
                        "4: account b@d.test: tenant 'a/b' is no name; allowed: up to 63 letters, digits, dots, hyphens and"
                                + " underscores"),
                Arguments.of("account \"b@d.test", "4: a quotation mark is not closed"),
                Arguments.of("alias i@d.test", "4: allowed: alias ADDRESS MEMBER, MEMBER, …"),
                Arguments.of("alias i@d.test ,", "4: allowed: alias ADDRESS MEMBER, MEMBER, …"),
                Arguments.of("alias i@d.test a@d.test, bob", "4: 'bob' is no address: an address needs a domain"),
                Arguments.of("alias i@d.test ghost@d.test",
                        "4: i@d.test leads to ghost@d.test, and there is no such account or alias"),
                Arguments.of("alias i@d.test a@d.test, i@d.test", "4: i@d.test leads in a ring, by i@d.test"),
                Arguments.of("alias i@d.test j@d.test\nalias j@d.test k@d.test\nalias k@d.test i+x@d.test",
                        "4: i@d.test leads in a ring, by i+x@d.test"),
                Arguments.of("catch-all d.test a@d.test", "4: allowed: catch-all @DOMAIN MEMBER, MEMBER, …"),
                Arguments.of("catch-all @d.test a@d.test\ncatch-all @D.test a@d.test",
                        "5: catch-all @d.test is there already, in line 4"),
                Arguments.of("catch-all @e.test a@d.test",
                        "4: @e.test has a domain that is not ours; it needs a line \"domain e.test\""),
                Arguments.of("catch-all @d.test i@d.test\nalias i@d.test nobody@d.test",
                        "5: i@d.test leads in a ring, by i@d.test"),
                Arguments.of("domain e.test accept=any\ncatch-all @e.test a@d.test",
                        "5: domain e.test accepts any name, so a catch-all has nothing to catch; take one of the two away"),
                Arguments.of("postmaster a@d.test", "4: there is a postmaster line already"),
                Arguments.of("postmaster", "4: allowed: postmaster MEMBER, MEMBER, …"));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void an_error_is_one_line_with_file_line_and_what_is_allowed(String lines, String message) {
        assertThatThrownBy(() -> read(GOOD + lines)).isInstanceOf(BadFileException.class)
                .hasMessage("conf/directory.txt:" + message);
    }

    @Test
    void a_domain_with_no_postmaster_at_all_is_refused() {
        assertThatThrownBy(() -> read("\n\ndomain d.test\naccount a@d.test")).hasMessage(
                """
                        conf/directory.txt:3: domain d.test has no postmaster; add a line "postmaster ADDRESS" for all domains, or \
                        "alias postmaster@d.test ADDRESS\"""");
        assertThatThrownBy(() -> read("domain d.test\naccount a@d.test\npostmaster b@d.test"))
                .hasMessage(
                        "conf/directory.txt:3: postmaster leads to b@d.test, and there is no such account or alias");
    }

    @Test
    void a_line_that_is_not_utf8_is_named() {
        byte[] octets = (GOOD + "account m\u00fcller@d.test").getBytes(ISO_8859_1);

        assertThatThrownBy(() -> new DirectoryReader("f", "+", 1).read(octets))
                .hasMessage("f:4: the line is not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "{PLAIN}secret", "$1$secret",
            "$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$secretsecretsecret",
            "$argon2id$v=16$m=8,t=1,p=1$c2FsdHNhbHQ$secretsecretsecret", "$argon2id$v=19$m=8,t=1,p=1$secret"})
    void a_password_that_is_no_hash_is_refused_and_not_shown(String password) {
        assertThatThrownBy(() -> read(GOOD + "account b@d.test password=" + password)).hasMessage(
                "conf/directory.txt:4: account b@d.test: the password is not an Argon2id or scrypt hash,"
                        + " $argon2id$v=19$m=…,t=…,p=…$salt$hash or $scrypt$ln=…,r=…,p=…$salt$hash; the shell command mail:passwd"
                        + " makes one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"passwd=secret", "Password=secret", "$argon2id$secret", "pw=$argon2id$v=19$secret",
            "pass:secret=x"})
    void what_may_be_a_password_is_not_shown(String word) {
        assertThatThrownBy(() -> read(GOOD + "account b@d.test " + word)).isInstanceOf(BadFileException.class)
                .hasMessageContaining("is unknown").message().doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# nothing\n", "\r\n \t \r\n"})
    void a_file_may_be_empty(String text) throws IOException {
        assertThat(read(text).domains()).isEmpty();
    }

    @Test
    void line_ends_byte_order_mark_and_indentation_do_not_matter() throws IOException {
        DirectoryTable table = read(
                "\ufeff" + GOOD.replace("\n", "  # note\r\n").replace(" a", "\t  a") + "\taccount b#c@d.test");

        assertThat(table.find(Address.parse("a@d.test"))).isInstanceOf(Account.class);
        assertThat(table.find(Address.parse("b#c@d.test"))).isInstanceOf(Account.class);
    }

    @Test
    void entries_may_come_before_their_domain() throws IOException {
        assertThat(read("postmaster b@e.test\naccount b@e.test\ndomain e.test").size()).isEqualTo(1);
    }

    @Test
    void a_long_chain_of_aliases_is_followed() throws IOException {
        StringBuilder text = new StringBuilder(GOOD);
        for (int i = 0; i < 20_000; i++) {
            text.append("alias x").append(i).append("@d.test x").append(i + 1).append("@d.test\n");
        }

        assertThat(read(text + "alias x20000@d.test a@d.test").size()).isEqualTo(20_002);
    }

    @Test
    void one_hundred_thousand_accounts_are_read_in_a_moment() throws IOException {
        StringBuilder text = new StringBuilder(GOOD);
        for (int i = 0; i < 100_000; i++) {
            text.append("account user").append(i).append("@d.test tenant=demo quota=1G password=")
                    .append(Hashes.ARGON2).append('\n');
        }
        byte[] octets = text.toString().getBytes(UTF_8);

        assertThat(org.junit.jupiter.api.Assertions.assertTimeout(Duration.ofSeconds(60),
                () -> new DirectoryReader("f", "+", 1 << 20).read(octets)).size()).isEqualTo(100_001);
    }

    @Property(tries = 2000)
    void any_file_is_read_or_refused_with_its_line(@ForAll("files") String text) {
        try {
            assertThat(read(text)).isNotNull();
        } catch (IOException refused) {
            assertThat(refused).isInstanceOf(BadFileException.class);
            assertThat(refused.getMessage()).matches("conf/directory\\.txt:[1-9][0-9]*: [^\\n]+");
        }
    }

    @Provide
    Arbitrary<String> files() {
        return Arbitraries.of("domain", "account", "alias", "catch-all", "postmaster", " ", " ", " ", "\n", "\n", "\r",
                "@", "d.test",
                "a@d.test", "b@d.test", "@d.test", "e.test", "same-as=", "accept=any", "=", ",", "\"", "\\", "#",
                "quota=", "9", "$",
                "password=", "\u0000", "ü").list().ofMaxSize(30).map(parts -> String.join("", parts));
    }

    private static DirectoryTable read(String text) throws IOException {
        return new DirectoryReader("conf/directory.txt", "+", 1 << 20).read(text.getBytes(UTF_8));
    }
}
