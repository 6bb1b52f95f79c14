package org.staffetta.directory.ldap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.LDAPException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.directory.DirectoryEntry.Account;
import org.staffetta.api.mail.Address;
import org.staffetta.identity.PasswordDialogue;

/** Encrypted from the first octet on, or by StartTLS, to a server that is who it says it is; otherwise not at all. */
class LdapTlsTest {

    private static final Address ALICE = Address.parse("alice@demo.test");
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path folder;
    private static SSLContext good;
    private static SSLContext other;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void makeKeys() throws Exception {
        good = key("good", "IP:127.0.0.1");
        other = key("other", "DNS:elsewhere.example");
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    @Test
    void by_a_port_that_begins_encrypted() throws Exception {
        LdapServer server = server(encrypted(good));
        LdapService service = open("url=ldaps://127.0.0.1:" + server.port(), "trust.file=good.pem");
        assertThat(service.find(ALICE)).isInstanceOf(Account.class);
        assertThat(service.check("", "alice@demo.test", "wonderland".getBytes(UTF_8)))
                .isNotEqualTo(PasswordDialogue.DENIED);
        assertThat(service.check("", "alice@demo.test", "wrong".getBytes(UTF_8))).isEqualTo(PasswordDialogue.DENIED);
    }

    @Test
    void by_starttls() throws Exception {
        LdapServer server = server(startTls(good));
        LdapService service = open("url=" + server.url(), "starttls=true", "trust.file=good.pem");
        assertThat(service.find(ALICE)).isInstanceOf(Account.class);
        assertThat(service.check("", "alice@demo.test", "wonderland".getBytes(UTF_8)))
                .isNotEqualTo(PasswordDialogue.DENIED);
    }

    @Test
    void a_certificate_of_somebody_else_or_for_another_name_is_refused_before_anything_is_said() throws Exception {
        for (LdapServer.Encryption kind : List.of(encrypted(good), startTls(good))) {
            assertRefused(server(kind), "trust.file=other.pem");
            assertRefused(server(kind), "trust.file=");
        }
        assertRefused(server(encrypted(other)), "trust.file=other.pem");
        assertRefused(server(startTls(other)), "trust.file=other.pem");
    }

    @Test
    void a_server_that_does_not_know_starttls_is_told_nothing() throws Exception {
        LdapServer server = server(plain -> plain);
        LdapService service = open("url=" + server.url(), "starttls=true", "trust.file=good.pem");
        assertThatThrownBy(() -> service.find(ALICE)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> service.check("", "alice@demo.test", "wonderland".getBytes(UTF_8)))
                .isInstanceOf(IOException.class);
        assertThat(server.asked).isEmpty();
    }

    private void assertRefused(LdapServer server, String trust) {
        boolean starttls = !server.isEncrypted();
        LdapService service = open("url=" + (starttls ? "ldap" : "ldaps") + "://127.0.0.1:" + server.port(),
                "starttls=" + starttls, trust);
        assertThatThrownBy(() -> service.find(ALICE)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> service.check("", "alice@demo.test", "wonderland".getBytes(UTF_8)))
                .isInstanceOf(IOException.class);
        assertThat(server.asked).isEmpty();
    }

    private LdapServer server(LdapServer.Encryption encryption) throws LDAPException {
        LdapServer server = new LdapServer(encryption);
        opened.add(server);
        return server;
    }

    private LdapService open(String... overrides) {
        List<String> all = new ArrayList<>(List.of("base=" + LdapServer.BASE, "domains=demo.test", "timeout=5s",
                "bind.dn=" + LdapServer.OWN, "bind.password=own-secret"));
        all.addAll(List.of(overrides));
        LdapService service = new LdapService(
                Settings.of(TestConfig.of(all.toArray(String[]::new)), folder));
        opened.add(service);
        return service;
    }

    private static LdapServer.Encryption encrypted(SSLContext tls) {
        return plain -> new InMemoryListenerConfig("ldaps", plain.getListenAddress(), plain.getListenPort(),
                tls.getServerSocketFactory(), null, null);
    }

    private static LdapServer.Encryption startTls(SSLContext tls) {
        return plain -> new InMemoryListenerConfig("ldap", plain.getListenAddress(), plain.getListenPort(), null, null,
                tls.getSocketFactory());
    }

    private static SSLContext key(String who, String names) throws Exception {
        Path store = folder.resolve(who + ".p12");
        keytool("-genkeypair", "-alias", who, "-dname", "CN=" + who, "-keyalg", "EC", "-groupname", "secp256r1",
                "-ext", "SAN=" + names, "-storetype", "PKCS12", "-keystore", store.toString());
        keytool("-exportcert", "-rfc", "-alias", who, "-keystore", store.toString(), "-file",
                folder.resolve(who + ".pem").toString());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> line = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        line.addAll(List.of(arguments));
        line.addAll(List.of("-storepass", new String(PASSWORD)));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
