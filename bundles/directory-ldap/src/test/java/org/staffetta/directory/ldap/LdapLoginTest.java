package org.staffetta.directory.ldap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.sdk.LDAPException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.auth.Decision.Denied;
import org.staffetta.api.auth.Decision.Granted;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.session.Session;
import org.staffetta.identity.PasswordDialogue;

/** Who binds is who he says. */
class LdapLoginTest {

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
        service = open();
    }

    @AfterEach
    void close() {
        server.takes(0);
        opened.forEach(LdapService::close);
    }

    @ParameterizedTest
    @ValueSource(strings = {"|alice@demo.test|wonderland", "|ALICE@Demo.Test|wonderland",
            "|wonder@demo.test|wonderland", "alice@demo.test|Alice@demo.test|wonderland",
            "wonder@demo.test|alice@demo.test|wonderland"})
    void an_account_logs_in_with_its_password(String message) throws IOException {
        assertThat(plain(message)).isEqualTo(new Granted("alice@demo.test"));
    }

    @Test
    void names_and_passwords_may_have_any_characters() throws IOException {
        assertThat(plain("|\"john doe\"@demo.test|doe")).isEqualTo(new Granted("\"john doe\"@demo.test"));
        assertThat(plain("|leser@b\u00fccher.example|bu\u0308cher"))
                .isEqualTo(new Granted("leser@xn--bcher-kva.example"));
    }

    @Test
    void login_as_well() throws IOException {
        assertThat(login("alice@demo.test", "wonderland")).isEqualTo(new Granted("alice@demo.test"));
        assertThat(login("alice@demo.test", "Wonderland")).isInstanceOf(Denied.class);
        assertThat(login("alice@demo.test", "")).isInstanceOf(Denied.class);
        assertThat(login("", "")).isInstanceOf(Denied.class);
        assertThat(login("alice@demo.test\0", "wonderland")).isInstanceOf(Denied.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"|alice@demo.test|Wonderland", "|bob@demo.test|wonderland", "|nobody@demo.test|wonderland",
            "|alice@elsewhere.example|wonderland", "bob@demo.test|alice@demo.test|wonderland", "|alice|wonderland",
            "bob@elsewhere.example|alice@demo.test|wonderland", "|alice+x@demo.test|wonderland", "|info@demo.test|x",
            "|zzz@zzz.example|wonderland", "|\"*\"@demo.test|wonderland", "|*|wonderland", "|*)(uid=*|wonderland",
            "|\"alice)(uid=*\"@demo.test|wonderland", "|disabled@demo.test|disabled", "|locked@demo.test|locked",
            "|uid=alice," + LdapServer.BASE + "|wonderland", "|" + LdapServer.OWN + "|own-secret"})
    void everybody_else_is_denied(String message) throws IOException {
        assertThat(plain(message)).isInstanceOf(Denied.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"|alice@demo.test|", "|bob@demo.test|", "|nobody@demo.test|", "||", "||wonderland"})
    void nothing_is_no_password_and_no_name_and_the_server_is_not_asked(String message) throws IOException {
        assertThat(plain(message)).isInstanceOf(Denied.class);
        assertThat(server.asked).isEmpty();
    }

    @Test
    void a_bind_that_would_prove_nothing_is_not_even_possible() {
        Ldap ldap = new Ldap(settings().server());
        assertThatThrownBy(() -> ldap.accepts("uid=alice," + LdapServer.BASE, new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ldap.accepts("", "x".getBytes(UTF_8))).isInstanceOf(IllegalArgumentException.class);
        ldap.close();
    }

    @Test
    void a_filter_of_its_own_says_by_which_name() throws IOException {
        service = open("login.filter=(&(objectClass=inetOrgPerson)(!(accountStatus=disabled))(uid={name}))");
        assertThat(plain("|alice|wonderland")).isEqualTo(new Granted("alice@demo.test"));
        assertThat(plain("|disabled|disabled")).isInstanceOf(Denied.class);
        assertThat(plain("|a*|wonderland")).isInstanceOf(Denied.class);
        assertThat(plain("|alice@demo.test|wonderland")).isInstanceOf(Denied.class);
    }

    @Test
    void who_may_not_be_searched_for_is_not_known_and_nobody_has_his_password_from_us() throws IOException {
        assertThat(plain("|alice@elsewhere.example|wonderland")).isInstanceOf(Denied.class);
        assertThat(server.asked).isEmpty();
        assertThat(plain("|nobody@demo.test|wonderland")).isInstanceOf(Denied.class);
        assertThat(server.asked).contains("bind cn=nobody of this name," + LdapServer.BASE);
    }

    @Test
    void an_unknown_name_takes_as_long_as_a_wrong_password() throws IOException {
        server.takes(60);
        plain("|alice@demo.test|wrong");
        long wrong = time("|alice@demo.test|wrong");
        for (String message : List.of("|nobody@demo.test|wrong", "|x@elsewhere.example|wrong", "|alice|wrong")) {
            assertThat(time(message)).as(message).isBetween(wrong / 2, wrong * 2);
        }
    }

    @Test
    void searches_are_never_made_as_somebody_who_logged_in() throws IOException {
        for (int i = 0; i < 20; i++) {
            plain("|alice@demo.test|wonderland");
        }
        assertThat(server.asked.stream().filter(one -> one.startsWith("bind " + LdapServer.OWN)).count())
                .isBetween(1L, 8L);
        assertThat(server.asked.stream().filter(one -> one.startsWith("bind uid=alice")).count()).isEqualTo(20);
        assertThat(server.connections()).isLessThanOrEqualTo(8);
    }

    @Test
    void when_the_server_is_away_it_cannot_be_told_and_neither_name_nor_password_is_in_the_message() throws Exception {
        try (LdapServer other = new LdapServer()) {
            LdapService there = new LdapService(TestConfig.settings("url=" + other.url(), "base=" + LdapServer.BASE,
                    "domains=demo.test", "timeout=2s"));
            assertThat(plain(there, "|alice@demo.test|wonderland")).isEqualTo(new Granted("alice@demo.test"));
            other.stop();
            assertThatThrownBy(() -> plain(there, "|alice@demo.test|wonderland")).isInstanceOf(IOException.class)
                    .message().doesNotContain("alice").doesNotContain("wonderland");
            other.startAgain();
            assertThat(plain(there, "|alice@demo.test|wonderland")).isEqualTo(new Granted("alice@demo.test"));
            there.close();
        }
    }

    private long time(String message) throws IOException {
        long began = System.nanoTime();
        assertThat(plain(message)).isInstanceOf(Denied.class);
        return System.nanoTime() - began;
    }

    private LdapService open(String... overrides) {
        LdapService fresh = new LdapService(settings(overrides));
        opened.add(fresh);
        return fresh;
    }

    private static Settings settings(String... overrides) {
        List<String> all = new ArrayList<>(List.of("url=" + server.url(), "bind.dn=" + LdapServer.OWN,
                "bind.password=own-secret", "base=" + LdapServer.BASE, "domains=demo.test, b\u00fccher.example",
                "account.filter=(&(objectClass=inetOrgPerson)(!(accountStatus=disabled))(|(mail={address})(mailAlternateAddress={address})))"));
        all.addAll(List.of(overrides));
        return TestConfig.settings(all.toArray(String[]::new));
    }

    private Decision plain(String message) throws IOException {
        return plain(service, message);
    }

    private static Decision plain(LdapService service, String message) throws IOException {
        // a DN has no bar, and neither has anything else here
        return lead(service, "PLAIN", message.replace('|', '\0'));
    }

    private Decision login(String name, String password) throws IOException {
        return lead(service, "LOGIN", name, password);
    }

    private static Decision lead(LdapService service, String mechanism, String... answers) throws IOException {
        return PasswordDialogue.lead(
                new Script(mechanism, Arrays.stream(answers).map(one -> one.getBytes(UTF_8)).iterator()), service);
    }

    private record Script(String mechanism, Iterator<byte[]> answers) implements Dialogue {

        @Override
        public Session session() {
            throw new UnsupportedOperationException("not needed");
        }

        @Override
        public byte[] first() {
            return answers.next();
        }

        @Override
        public byte[] first(byte[] challenge) {
            return answers.next();
        }

        @Override
        public byte[] ask(byte[] challenge) {
            return answers.next();
        }
    }
}
