package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldif.LDIFException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** People of an LDAP server get mail and log in, beside those of the file; LDAP goes and comes back; its bundle is replaced. */
class LdapIT {

    private static final String BUNDLE = "org.staffetta.directory.ldap";
    private static final String BASE = "dc=ldap,dc=test";

    @TempDir
    private static Path folder;
    private static InMemoryDirectoryServer ldap;
    private static int ldapPort;
    private static Server server;

    @BeforeAll
    static void start() throws Exception {
        ldap = ldap(0);
        ldapPort = ldap.getListenPort();
        Server.Builder builder = Server.in(folder).feature("ldap").set("plugins.breaker.pause", "1")
                .set("listener.submission.address", "127.0.0.1").set("listener.submission.port", "0")
                .set("listener.submission.auth", "required").set("listener.submission.tls", "required")
                .set("listener.submission.max.auth.failures.client", "1000");
        Path conf = folder.resolve("conf");
        Path secrets = Files.createDirectories(conf.resolve("secrets"));
        Files.writeString(secrets.resolve("ldap"), "own-secret");
        Files.setPosixFilePermissions(secrets.resolve("ldap"), PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rwx------"));
        server = builder.file("staffetta.properties",
                Files.readString(conf.resolve("staffetta.properties"))
                        + """
                                directory.ldap.main.url = ldap://127.0.0.1:%d
                                directory.ldap.main.base = %s
                                directory.ldap.main.bind.dn = cn=staffetta,%s
                                directory.ldap.main.bind.password = ${secret:ldap}
                                directory.ldap.main.domains = ldap.test
                                directory.ldap.main.account.filter = (&(objectClass=inetOrgPerson)(|(mail={address})(mailAlternateAddress={address})))
                                directory.ldap.main.alias.filter = (&(objectClass=nisMailAlias)(cn={address}))
                                directory.ldap.main.alias.members = rfc822MailMember
                                directory.ldap.main.timeout = 2s
                                router.directories = file, main
                                mda.directories = file, main
                                """
                                .formatted(ldapPort, BASE, BASE))
                .start();
        String word = server.command("passwd", "file-password").output().strip();
        Files.writeString(server.conf().resolve("directory.txt"), """
                domain  demo.test
                account bob@demo.test %s
                postmaster bob@demo.test
                """.formatted(word));
        patiently().until(() -> rcpt("alice@ldap.test").startsWith("250"));
        patiently().until(() -> rcpt("alice@demo.test").startsWith("550"));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
        ldap.shutDown(true);
    }

    @ParameterizedTest
    @CsvSource({"alice@ldap.test, alice@ldap.test", "Wonder+x@ldap.test, alice@ldap.test",
            "info@ldap.test, alice@ldap.test", "bob@demo.test, bob@demo.test"})
    void mail_gets_to_its_mailbox(String recipient, String mailbox) throws Exception {
        int before = server.mailbox(mailbox).size();
        send(recipient);
        patiently().until(() -> server.mailbox(mailbox).size() == before + 1);
    }

    @ParameterizedTest
    @CsvSource({"nobody@ldap.test, 550 5.1.1", "'\"*\"@ldap.test', 550 5.1.1",
            "'\"alice)(mail=*\"@ldap.test', 550 5.1.1",
            "nobody@demo.test, 550 5.1.1"})
    void an_unknown_recipient_is_refused(String recipient, String reply) throws Exception {
        assertThat(rcpt(recipient)).startsWith(reply);
    }

    @ParameterizedTest
    @CsvSource({"PLAIN, alice@ldap.test, ldap-password, 0", "LOGIN, alice@ldap.test, ldap-password, 0",
            "PLAIN, bob@demo.test, file-password, 0", "LOGIN, bob@demo.test, file-password, 0",
            "PLAIN, alice@ldap.test, wrong, 28", "LOGIN, bob@demo.test, ldap-password, 28",
            "PLAIN, nobody@ldap.test, ldap-password, 28"})
    void swaks_logs_in(String mechanism, String name, String password, int status) throws Exception {
        Swaks swaks = swaks(mechanism, name, password);
        assertThat(swaks.status()).as(swaks.output()).isEqualTo(status);
        assertThat(swaks.output()).contains(status == 0 ? "235 2.7.0" : "535 5.7.8");
    }

    @Test
    void while_ldap_is_away_clients_are_told_to_come_back_and_then_all_goes_on() throws Exception {
        int before = server.mailbox("alice@ldap.test").size();
        ldap.shutDown(true);
        try {
            for (int i = 0; i < 5; i++) {
                assertThat(rcpt("alice@ldap.test")).startsWith("451");
                assertThat(rcpt("nobody@ldap.test")).startsWith("451");
                assertThat(rcpt("bob@demo.test")).startsWith("250");
            }
            Swaks swaks = swaks("PLAIN", "alice@ldap.test", "ldap-password");
            assertThat(swaks.output()).contains("454 4.7.0");
            assertThat(swaks("PLAIN", "bob@demo.test", "file-password").status()).isZero();
        } finally {
            ldap = ldap(ldapPort);
        }
        patiently().until(() -> rcpt("alice@ldap.test").startsWith("250"));
        patiently().until(() -> rcpt("nobody@ldap.test").startsWith("550 5.1.1"));
        send("alice@ldap.test");
        patiently().until(() -> server.mailbox("alice@ldap.test").size() == before + 1);
        patiently().until(() -> swaks("PLAIN", "alice@ldap.test", "ldap-password").status() == 0);
    }

    @Test
    void it_is_replaced_while_mail_comes_in() throws Exception {
        int before = server.mailbox("alice@ldap.test").size();
        Path jar = jar();
        Files.copy(jar, server.data().resolve("deploy").resolve(jar.getFileName().toString()));
        int sent = 0;
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (System.nanoTime() < end) {
            send("alice@ldap.test");
            sent++;
        }
        int all = before + sent;
        patiently().until(() -> server.mailbox("alice@ldap.test").size() == all);
        patiently().until(() -> server.command("plugin", "history").output().contains(BUNDLE));
        assertThat(rcpt("nobody@ldap.test")).startsWith("550 5.1.1");
    }

    @Test
    void no_password_is_in_any_log() throws Exception {
        swaks("PLAIN", "alice@ldap.test", "ldap-password");
        try (Stream<Path> logs = Files.walk(server.data().resolve("log"))) {
            for (Path log : logs.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(log, UTF_8)).doesNotContain("ldap-password", "own-secret");
            }
        }
        assertThat(server.output()).doesNotContain("ldap-password", "own-secret");
        assertThat(server.command("config", "list", "-d").output()).contains("directory.ldap.main.bind.password")
                .doesNotContain("own-secret");
    }

    private static InMemoryDirectoryServer ldap(int port) throws LDAPException, LDIFException {
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
        config.setSchema(null);
        config.addAdditionalBindCredentials("cn=staffetta," + BASE, "own-secret");
        config.setListenerConfigs(
                new InMemoryListenerConfig("ldap", InetAddress.getLoopbackAddress(), port, null, null, null));
        InMemoryDirectoryServer fresh = new InMemoryDirectoryServer(config);
        fresh.add("dn: " + BASE, "objectClass: domain", "dc: ldap");
        fresh.add("dn: uid=alice," + BASE, "objectClass: inetOrgPerson", "uid: alice", "mail: alice@ldap.test",
                "mailAlternateAddress: wonder@ldap.test", "userPassword: ldap-password");
        fresh.add("dn: cn=info@ldap.test," + BASE, "objectClass: nisMailAlias", "cn: info@ldap.test",
                "rfc822MailMember: alice@ldap.test");
        fresh.startListening();
        return fresh;
    }

    private static String rcpt(String recipient) throws IOException {
        try (Client client = new Client(server.port())) {
            client.say("EHLO me.test");
            client.say("MAIL FROM:<x@elsewhere.test>");
            return client.say("RCPT TO:<" + recipient + ">");
        }
    }

    private static void send(String recipient) throws IOException {
        try (Client client = new Client(server.port())) {
            client.say("EHLO me.test");
            assertThat(client.send("x@elsewhere.test", recipient, "Subject: x\r\n\r\nx")).startsWith("250");
        }
    }

    private record Swaks(int status, String output) {}

    private static Swaks swaks(String mechanism, String name, String password) throws Exception {
        Process process = new ProcessBuilder(List.of("swaks", "--server", "127.0.0.1", "--port",
                Integer.toString(server.port("submission")), "--tls", "--auth", mechanism, "--auth-user", name,
                "--auth-password", password, "--from", name, "--to", "bob@demo.test")).redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Swaks(process.waitFor(), output);
    }

    private static Path jar() throws IOException {
        try (Stream<Path> jars = Files.list(Server.HOME.resolve("bundles"))) {
            return jars.filter(jar -> jar.getFileName().toString().startsWith(BUNDLE)).findFirst().orElseThrow();
        }
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(200));
    }
}
