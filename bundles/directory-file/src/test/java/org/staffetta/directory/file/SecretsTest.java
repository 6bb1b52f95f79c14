package org.staffetta.directory.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.mail.Address;
import org.staffetta.identity.Credentials.Secret;
import org.staffetta.identity.Login;
import org.staffetta.identity.PasswordHash;

/** The passwords in the file; what is done with them is tested with {@link Login}. */
class SecretsTest {

    private static final String FILE = "domain d.test\ndomain d.example same-as=d.test\npostmaster alice@d.test\n"
            + "account alice@d.test password=" + Hashes.ARGON2 + "\naccount carl@d.test password=" + Hashes.SCRYPT
            + "\naccount nopass@d.test\nalias info@d.test alice@d.test\n";

    private DirectoryTable table;

    @BeforeEach
    void read() throws IOException {
        table = new DirectoryReader("f", "+", 1 << 16).read(FILE.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice@d.test", "ALICE@D.Test", "alice@d.example"})
    void an_account_has_its_own_however_its_address_is_written(String address) {
        assertThat(table.secret(Address.parse(address))).hasValueSatisfying(secret -> {
            assertThat(secret.account()).isEqualTo("alice@d.test");
            assertThat(secret.hash().matches(Login.prepare("wonderland"))).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"nopass@d.test", "info@d.test", "nobody@d.test", "alice@elsewhere.example",
            "alice+x@d.test"})
    void nobody_else_has_one(String address) {
        assertThat(table.secret(Address.parse(address))).isEmpty();
    }

    @Test
    void nor_has_an_account_that_nobody_may_log_in_as() throws IOException {
        String locked = FILE + "account locked@d.test login=no password=" + Hashes.SCRYPT + "\n";
        DirectoryTable all = new DirectoryReader("f", "+", 1 << 16).read(locked.getBytes(UTF_8));

        assertThat(all.secret(Address.parse("locked@d.test"))).isEmpty();
        assertThat(all.find(Address.parse("locked@d.test"))).isInstanceOf(DirectoryEntry.Account.class);
    }

    @Test
    void a_number_always_stands_for_the_same_hash() throws IOException {
        PasswordHash alice = hash("alice@d.test");
        PasswordHash carl = hash("carl@d.test");
        for (int number : new int[]{0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThat(table.any(number)).isEqualTo(table.any(number)).get().isIn(alice, carl);
        }
        assertThat(new DirectoryReader("f", "+", 1 << 16).read(new byte[0]).any(7)).isEmpty();
    }

    private PasswordHash hash(String account) {
        return table.secret(Address.parse(account)).map(Secret::hash).orElseThrow();
    }
}
