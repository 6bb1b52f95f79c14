package org.staffetta.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"url=;url:", "url=http://x;url:", "url=ldap://x/dc=y;url:", "url=ldap://;url:",
            "url=x;url:", "url=ldap://x:99999;url:", "url=ldapi://x;url:", "url=ldap://x??sub;url:",
            "domains=;domains:", "base=no dn;base:", "bind.dn=no dn;bind.", "bind.dn=cn=x;bind.password:",
            "account.filter=(mail=x);account.filter:", "account.filter=x;account.filter:",
            "alias.filter=(mail={name});alias.filter:", "domain.filter=(x={address});domain.filter:",
            "account.id=no name;account.id:", "account.forward=(x);account.forward:", "alias.members=;alias.members:",
            "account.attributes=quota;account.attributes:", "postmaster=alice;postmaster:", "timeout=5ms;timeout:",
            "timeout=1d;timeout:", "timeout=10;timeout:", "cache.ttl=x;cache.ttl:",
            "trust.file=/no/such/file.pem;trust.file:"})
    void what_cannot_be_is_refused_with_its_key(String setting, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Ldap(settings(setting).server()).close())
                .withMessageContaining(message);
    }

    @Test
    void starttls_is_not_for_what_is_encrypted_anyway() {
        assertThatIllegalArgumentException().isThrownBy(() -> settings("url=ldaps://x", "starttls=true"))
                .withMessageContaining("starttls:");
    }

    @Test
    void the_password_is_not_shown() {
        Settings settings = settings("bind.dn=cn=x", "bind.password=secret-42");
        assertThat(settings.toString()).doesNotContain("secret-42");
    }

    @Test
    void where_passwords_go_in_clear_is_known() {
        assertThat(settings("url=ldap://127.0.0.1, ldap://localhost, ldap://[::1]:1389, ldaps://ldap.example.org")
                .server().inClear()).isEmpty();
        assertThat(settings("url=ldap://ldap.example.org").server().inClear()).containsExactly("ldap.example.org");
        assertThat(settings("url=ldap://192.0.2.1", "starttls=true").server().inClear()).isEmpty();
    }

    private static Settings settings(String... overrides) {
        String[] all = new String[overrides.length + 3];
        all[0] = "url=ldap://127.0.0.1";
        all[1] = "base=dc=example,dc=org";
        all[2] = "domains=example.org";
        System.arraycopy(overrides, 0, all, 3, overrides.length);
        return Settings.of(TestConfig.of(all), Path.of("."));
    }
}
