package org.staffetta.directory.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.auth.Decision.Denied;
import org.staffetta.api.auth.Decision.Granted;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.directory.DirectoryEntry.Account;
import org.staffetta.api.directory.DirectoryEntry.Alias;
import org.staffetta.api.directory.DirectoryEntry.Foreign;
import org.staffetta.api.directory.DirectoryEntry.NoSuchUser;
import org.staffetta.api.mail.Address;
import org.staffetta.api.session.Session;
import org.staffetta.identity.Hashing;
import org.staffetta.identity.PasswordHash;
import org.staffetta.jdbc.Pool;
import org.staffetta.sql.Database;
import org.staffetta.sql.TestDatabase;
import org.staffetta.testkit.DirectoryContract;

/** The contract, in a database, and the look-up that is as the file's. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class JdbcDirectoryContract extends DirectoryContract {

    private static final List<String> ROWS = List.of(
            "INSERT INTO directory_domain (name) VALUES ('demo.test'), ('xn--bcher-kva.example'), ('all.example'), ('bare.example')",
            "INSERT INTO directory_domain (name, same_as) VALUES ('demo.example', 'demo.test')",
            "INSERT INTO directory_domain (name, accept_any) VALUES ('partner.example', TRUE)",
            "INSERT INTO directory_domain (name, same_as) VALUES ('partner.test', 'partner.example')",
            "INSERT INTO directory_address (domain, local_part, kind) VALUES ('demo.test', 'bob', 'account'), ('demo.test', 'a+b', 'account'), "
                    + "('demo.test', 'john doe', 'account'), ('demo.test', 'info', 'alias'), ('demo.test', 'empty', 'alias'), "
                    + "('demo.test', 'wrong', 'alias'), ('xn--bcher-kva.example', 'leser', 'account'), ('partner.example', 'chef', 'account'), "
                    + "('all.example', '', 'alias'), ('demo.test', 'ünal', 'account')",
            "INSERT INTO directory_address (domain, local_part, kind, password) VALUES ('demo.test', 'alice', 'account', '"
                    + PasswordHash.make("wonderland".getBytes(UTF_8), new SecureRandom()) + "')",
            "INSERT INTO directory_attribute VALUES ('demo.test', 'alice', 'tenant', 'demo')",
            "INSERT INTO directory_member VALUES ('demo.test', 'info', 2, 'carol@elsewhere.example'), "
                    + "('demo.test', 'info', 1, 'alice@demo.test'), ('demo.test', 'wrong', 1, 'no address'), "
                    + "('all.example', '', 1, 'bob@demo.test')");

    private final Hashing hashing = new Hashing(1, 1 << 16, Duration.ofSeconds(10));
    private Pool pool;
    private DirectoryService service;

    abstract TestDatabase database() throws Exception;

    @BeforeAll
    void open() throws Exception {
        pool = database().open();
        service = open("+");
    }

    @BeforeEach
    void fill() throws SQLException {
        for (String table : List.of("directory_postmaster", "directory_address", "directory_domain")) {
            run("DELETE FROM " + table);
        }
        for (String row : ROWS) {
            run(row);
        }
    }

    @AfterAll
    void close() {
        service.close();
        pool.close();
    }

    @Override
    protected Directory directory() {
        return service;
    }

    @ParameterizedTest
    @CsvSource({"ALICE@Demo.TEST, alice@demo.test", "alice+news@demo.test, alice@demo.test",
            "alice+a+b@demo.test, alice@demo.test",
            "a+b+c@demo.test, a+b@demo.test", "ÜNAL@demo.test, ünal@demo.test", "u\u0308nal@demo.test, ünal@demo.test",
            "alice@demo.example, alice@demo.test", "alice+x@DEMO.example, alice@demo.test",
            "chef@partner.example, chef@partner.example", "Chef@partner.test, chef@partner.example"})
    void case_subaddress_and_other_names_of_a_domain_do_not_matter(String address, String id) throws IOException {
        assertThat(find(address)).isInstanceOfSatisfying(Account.class,
                account -> assertThat(account.id()).isEqualTo(id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"+alice@demo.test", "+@demo.test", "carol+x@demo.test"})
    void a_subaddress_needs_a_name(String address) throws IOException {
        assertThat(find(address)).isEqualTo(new NoSuchUser());
    }

    @Test
    void without_a_separator_there_are_no_subaddresses() throws Exception {
        DirectoryService strict = open("");
        assertThat(strict.find(Address.parse("alice+x@demo.test"))).isEqualTo(new NoSuchUser());
        assertThat(strict.find(Address.parse("a+b@demo.test"))).isInstanceOf(Account.class);
    }

    @Test
    void an_alias_without_a_name_gets_what_is_for_nobody_else() throws IOException {
        assertThat(find("anything@all.example")).isEqualTo(new Alias(List.of(Address.parse("bob@demo.test"))));
    }

    @Test
    void a_relay_domain_accepts_any_name_and_says_so() throws IOException {
        assertThat(find("who.ever@partner.example"))
                .isEqualTo(new Account("who.ever@partner.example", Map.of("accept", "any")));
        assertThat(find("who.ever@partner.test"))
                .isEqualTo(new Account("who.ever@partner.example", Map.of("accept", "any")));
    }

    @Test
    void the_postmaster_of_all_stands_in_where_a_domain_and_this_host_have_none() throws Exception {
        assertThat(find("postmaster@demo.test")).isEqualTo(new NoSuchUser());
        assertThat(find("postmaster@mail.demo.test")).isEqualTo(new Foreign());
        run("INSERT INTO directory_postmaster VALUES (1, 'alice@demo.test')");
        DirectoryEntry alice = new Alias(List.of(Address.parse("alice@demo.test")));

        assertThat(find("Postmaster@demo.test")).isEqualTo(alice);
        assertThat(find("postmaster@all.example")).as("before the alias without a name").isEqualTo(alice);
        assertThat(find("postmaster@mail.demo.test")).as("this host").isEqualTo(alice);
        assertThat(find("root@mail.demo.test")).isEqualTo(new Foreign());
        assertThat(find("postmaster@elsewhere.example")).isEqualTo(new Foreign());
    }

    @Test
    void a_change_is_heeded_at_once() throws Exception {
        run("DELETE FROM directory_address WHERE local_part = 'bob'");
        assertThat(find("bob@demo.test")).isEqualTo(new NoSuchUser());
        run("INSERT INTO directory_address (domain, local_part, kind) VALUES ('bare.example', 'new', 'account')");
        assertThat(find("new@bare.example")).isInstanceOf(Account.class);
    }

    @Test
    void what_is_wrong_in_the_tables_makes_that_answer_uncertain_and_no_other() throws IOException {
        assertThatThrownBy(() -> find("empty@demo.test")).isInstanceOf(IOException.class)
                .hasMessageContaining("the alias empty@demo.test has no rows in directory_member");
        assertThatThrownBy(() -> find("wrong@demo.test")).isInstanceOf(IOException.class)
                .hasMessageContaining(
                        "the alias wrong@demo.test has the member 'no address': an address needs a domain");
        assertThat(find("bob@demo.test")).isInstanceOf(Account.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INSERT INTO directory_domain (name) VALUES ('Upper.example')",
            "INSERT INTO directory_address (domain, local_part, kind) VALUES ('demo.test', 'Upper', 'account')",
            "INSERT INTO directory_address (domain, local_part, kind) VALUES ('demo.test', 'bob', 'alias')",
            "INSERT INTO directory_address (domain, local_part, kind) VALUES ('demo.test', '', 'account')",
            "INSERT INTO directory_address (domain, local_part, kind) VALUES ('nowhere.example', 'x', 'account')",
            "INSERT INTO directory_member VALUES ('demo.test', 'nobody', 1, 'x@demo.test')",
            "INSERT INTO directory_domain (name, same_as) VALUES ('x.example', 'nowhere.example')"})
    void rows_that_would_never_be_found_are_refused(String row) {
        assertThatThrownBy(() -> run(row)).isInstanceOf(SQLException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"|alice@demo.test|wonderland", "|ALICE@Demo.Test|wonderland",
            "|alice@demo.example|wonderland",
            "alice@demo.test|Alice@demo.test|wonderland"})
    void an_account_logs_in_with_its_password(String message) throws IOException {
        assertThat(plain(message)).isEqualTo(new Granted("alice@demo.test"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"|alice@demo.test|Wonderland", "|bob@demo.test|wonderland", "|nobody@demo.test|wonderland",
            "|alice@elsewhere.example|wonderland", "bob@demo.test|alice@demo.test|wonderland", "|alice|wonderland",
            "|alice+x@demo.test|wonderland", "|zzz@zzz.example|wonderland"})
    void everybody_else_is_denied(String message) throws IOException {
        assertThat(plain(message)).isInstanceOf(Denied.class);
    }

    @Test
    void nobody_logs_in_as_an_account_that_may_not() throws Exception {
        run("INSERT INTO directory_attribute VALUES ('demo.test', 'alice', 'login', 'no')");
        assertThat(plain("|alice@demo.test|wonderland")).isInstanceOf(Denied.class);
        assertThat(find("alice@demo.test")).isInstanceOf(Account.class);
    }

    @Test
    void whose_password_is_kept_for_scram_proves_that_he_knows_it_or_shows_it() throws Exception {
        assertThat(service.hasScram()).isFalse();
        run("UPDATE directory_address SET password = '"
                + PasswordHash.makeScram("looking-glass".getBytes(UTF_8), new SecureRandom())
                + "' WHERE local_part = 'bob'");

        assertThat(service.hasScram()).isTrue();
        assertThat(scram("bob@demo.test", "looking-glass")).isEqualTo(new Granted("bob@demo.test"));
        assertThat(scram("BOB@demo.example", "looking-glass")).isEqualTo(new Granted("bob@demo.test"));
        assertThat(scram("ｂｏｂ@demo.test", "looking-glass")).as("wide letters").isEqualTo(new Granted("bob@demo.test"));
        assertThat(plain("|bob@demo.test|looking-glass")).isEqualTo(new Granted("bob@demo.test"));
        assertThat(scram("bob@demo.test", "wonderland")).isInstanceOf(Denied.class);
        assertThat(scram("alice@demo.test", "wonderland")).as("kept in another form").isInstanceOf(Denied.class);
        assertThat(scram("nobody@demo.test", "looking-glass")).isInstanceOf(Denied.class);
    }

    @Test
    void an_unknown_name_is_checked_against_somebodys_hash() throws Exception {
        JdbcDirectory directory = new JdbcDirectory(Database.open(pool.source()), settings("+"));
        for (int i = -5; i < 5; i++) {
            assertThat(directory.any(i * 100_000_007)).isPresent();
        }
        run("UPDATE directory_address SET password = NULL");
        assertThat(directory.any(1)).isEmpty();
        assertThat(plain("|alice@demo.test|wonderland")).isInstanceOf(Denied.class);
    }

    @Test
    void a_hash_that_is_none_is_told_without_showing_it() throws Exception {
        run("UPDATE directory_address SET password = 'plain-secret' WHERE local_part = 'alice'");
        assertThatThrownBy(() -> plain("|alice@demo.test|plain-secret")).isInstanceOf(IOException.class)
                .hasMessageContaining("account alice@demo.test").message().doesNotContain("plain-secret");
        assertThat(plain("|bob@demo.test|plain-secret")).isInstanceOf(Denied.class);
    }

    @Test
    void an_answer_of_a_database_that_is_gone_is_an_exception() throws Exception {
        Pool gone = database().open();
        DirectoryService without = DirectoryService.open(Database.open(gone.source()), settings("+"), hashing);
        gone.close();
        assertThatThrownBy(() -> without.find(Address.parse("alice@demo.test"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> plain(without, "|alice@demo.test|wonderland")).isInstanceOf(IOException.class);
        assertThatThrownBy(without::hasScram).isInstanceOf(IOException.class);
    }

    private DirectoryService open(String separator) throws SQLException {
        return DirectoryService.open(Database.open(pool.source()), settings(separator), hashing);
    }

    private static JdbcDirectory.Settings settings(String separator) {
        return new JdbcDirectory.Settings(separator, "mail.demo.test", 1 << 16);
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = pool.source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Decision plain(String message) throws IOException {
        return plain(service, message);
    }

    private static Decision plain(DirectoryService service, String message) throws IOException {
        return service
                .authenticate(new Script("PLAIN", List.of(message.replace('|', '\0').getBytes(UTF_8)).iterator()));
    }

    private Decision scram(String name, String password) throws IOException {
        return service.authenticateByScram(new ScramClient(name, password));
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
