package org.staffetta.filter.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.domainkey.Algorithm;
import org.staffetta.domainkey.SigningKey;
import org.staffetta.domainkey.TableDns;

/** The command {@code dkim}. */
class DkimCommandTest {

    private static final String PLACE = "s1._domainkey.example.org";

    @TempDir
    private Path conf;

    private final List<DkimKey> keys = new ArrayList<>();
    private final TableDns dns = new TableDns();

    private void register(String name, Map<String, Object> attributes) {
        keys.add(new DkimKey(name, conf, TestSettings.configuration(KeyConfig.class, attributes)));
    }

    private String run(String... words) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DkimCommand command = new DkimCommand(() -> keys, () -> dns, conf, this::register,
                () -> Instant.parse("2026-11-01T12:00:00Z"));
        command.run(words, new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8).replaceAll("[^\n ]*/dkim/", "conf/dkim/");
    }

    private SigningKey secret() throws IOException {
        return keys.getFirst().key().orElseThrow().file().key();
    }

    @Test
    void a_new_key_is_a_file_of_its_owner_and_is_not_used_yet() throws IOException {
        String told = run("new", "Example.ORG", "--selector", "s1");

        assertThat(told).startsWith("The key is in conf/dkim/example.org.s1.pem, for nobody but its owner to read.")
                .contains("s1._domainkey.example.org. IN TXT (\n    \"v=DKIM1; k=rsa; p=MII")
                .contains("config set dkim.key.example-org-s1.use sign");
        assertThat(
                PosixFilePermissions.toString(Files.getPosixFilePermissions(conf.resolve("dkim/example.org.s1.pem"))))
                .isEqualTo("rw-------");
        DomainKey key = keys.getFirst().key().orElseThrow();
        assertThat(key.signs()).isFalse();
        assertThat(secret().bits()).isEqualTo(2048);
        assertThat(told).doesNotContain("PRIVATE");
    }

    @Test
    void the_selector_is_the_kind_and_the_day_if_nobody_says_otherwise() throws IOException {
        run("new", "example.org");
        run("new", "example.org", "--algorithm", "ed25519");
        run("new", "bücher.example", "--bits", "1024");

        assertThat(keys).extracting(DkimKey::name).containsExactly("example-org-r20261101", "example-org-e20261101",
                "xn--bcher-kva-example-r20261101");
    }

    @Test
    void a_key_is_never_overwritten() throws IOException {
        run("new", "example.org", "--selector", "s1");
        byte[] before = Files.readAllBytes(conf.resolve("dkim/example.org.s1.pem"));

        assertThatThrownBy(() -> run("new", "example.org", "--selector", "s1")).isInstanceOf(IOException.class)
                .hasMessageEndingWith("dkim/example.org.s1.pem: it is there already, and no key is ever overwritten");
        assertThat(Files.readAllBytes(conf.resolve("dkim/example.org.s1.pem"))).isEqualTo(before);
        assertThat(keys).hasSize(1);
    }

    @Test
    void strings_of_a_record_have_255_octets_at_most() throws IOException {
        String told = run("new", "example.org", "--selector", "s1", "--bits", "4096");

        List<String> strings = Arrays.stream(told.split("\n")).filter(line -> line.startsWith("    \""))
                .map(line -> line
                        .substring(5, line.lastIndexOf('"')))
                .toList();
        assertThat(strings).hasSize(3).allMatch(string -> string.length() <= 255);
        assertThat(String.join("", strings)).isEqualTo(secret().record());
    }

    private String published() throws IOException {
        String line = run("list", "--json").strip();
        return line.replaceAll(".*\"published\":\"([a-z]*)\".*", "$1");
    }

    @Test
    void the_list_tells_whether_dns_has_the_key() throws IOException {
        assertThat(run("list")).isEqualTo("There is no key: dkim new DOMAIN makes one.\n");
        run("new", "example.org", "--selector", "s1", "--algorithm", "ed25519");

        assertThat(published()).isEqualTo("missing");
        assertThat(run("list"))
                .contains("NAME            DOMAIN       SELECTOR  ALGORITHM       BITS  USE      PUBLISHED")
                .contains("example-org-s1  example.org  s1        ed25519-sha256  256   publish  missing");
        dns.put(PLACE, secret().record().replace("; ", ";"));
        assertThat(published()).isEqualTo("ok");
        dns.put(PLACE, "v=spf1 -all");
        assertThat(published()).isEqualTo("wrong");
        dns.fail(PLACE);
        assertThat(published()).isEqualTo("unknown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"v=DKIM1; k=ed25519; p=", "v=DKIM2; k=ed25519; p=AAAA", "p=AAAA", "no key",
            "v=DKIM1; k=ed25519; p=AAAA"})
    void what_is_wrong_in_dns_is_told(String record) throws IOException {
        run("new", "example.org", "--selector", "s1", "--algorithm", "ed25519");
        dns.put(PLACE, record);

        assertThat(published()).isEqualTo("wrong");
        assertThat(run("show", "example-org-s1")).contains("In DNS, at " + PLACE + ": ")
                .contains("IN TXT (\n    \"" + secret().record());
    }

    @Test
    void settings_and_files_that_are_wrong_are_told() throws IOException {
        register("bad", Map.of("domain", "exa mple", "selector", "s1"));
        register("lost", Map.of("domain", "example.org", "selector", "s1"));
        Files.createDirectories(conf.resolve("dkim"));
        Files.writeString(conf.resolve("dkim/open.pem"), SigningKey.generate(Algorithm.ED25519_SHA256, 0).pem());
        Files.setPosixFilePermissions(conf.resolve("dkim/open.pem"), PosixFilePermissions.fromString("rw-r--r--"));
        register("open", Map.of("domain", "example.org", "selector", "s2", "file", "dkim/open.pem"));

        assertThat(run("list")).contains("bad: dkim.key.bad.domain: 'exa mple' is not a domain such as example.org\n")
                .contains("lost: conf/dkim/example.org.s1.pem: there is no such file\n")
                .contains("open: conf/dkim/open.pem: everybody on this machine may read it\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "new", "new a.example b.example", "new exa_mple", "new --bits", "show",
            "new example.org --bits 512", "new example.org --bits 99999", "new example.org --algorithm dsa",
            "new example.org --selector a..b", "list all", "new example.org --unknown"})
    void wrong_words_are_told_as_such(String words) {
        assertThatThrownBy(() -> run(words.isEmpty() ? new String[0] : words.split(" ")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(conf.resolve("dkim")).doesNotExist();
    }

    @Test
    void a_key_that_is_not_there_is_told() {
        assertThatThrownBy(() -> run("show", "nope")).isInstanceOf(IllegalStateException.class)
                .hasMessage("there is no dkim.key.nope; dkim list tells them");
    }
}
