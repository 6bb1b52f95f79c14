package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a key made by the command to mail that is signed and sealed with it, also while the filter is replaced. */
class DkimIT {

    private static final String BUNDLE = "org.staffetta.filter.dkim";

    private static final Pattern USE = Pattern.compile("\"use\" *: *\"([a-z]+)\"");

    @TempDir
    private Path folder;

    @Test
    void a_key_is_made_and_signs_and_nothing_goes_out_unsigned_while_the_filter_is_replaced() throws Exception {
        // nobody answers there, and nobody has to
        try (Server server = Server.in(folder).set("dns.servers", "127.0.0.1:9").set("dns.timeout", "50")
                .set("dns.deadline", "100").set("listener.smtp.filters", "dkim,arc,dkim-sign,arc-seal")
                .set("arc.seal.domain", "example.org").set("arc.seal.selector", "s1").start()) {
            assertThat(server.command("help").output()).containsPattern("dkim +makes keys to sign with");
            assertThat(server.command("dkim", "new", "example.org", "--selector", "s1").output())
                    .contains("s1._domainkey.example.org. IN TXT (");
            patiently().until(() -> used(server).equals("publish"));
            send(server);
            patiently().until(() -> mails(server).size() == 1);
            assertThat(mails(server).getFirst()).doesNotContain("DKIM-Signature").contains("ARC-Seal: i=1;");

            assertThat(server.command("config", "set", "dkim.key.example-org-s1.use", "sign").status()).isZero();
            patiently().until(() -> used(server).equals("sign"));
            send(server);
            patiently().until(() -> mails(server).size() == 2);
            assertThat(mails(server).stream().filter(DkimIT::isSigned)).hasSize(1);

            replaceUnderWay(server);
        }
    }

    /** What the one key is used for. */
    private static String used(Server server) throws Exception {
        Matcher use = USE.matcher(server.command("dkim", "list", "--json").output());
        return use.find() ? use.group(1) : "";
    }

    private static void replaceUnderWay(Server server) throws Exception {
        int before = mails(server).size();
        Path jar = jar();
        Path deployed = server.data().resolve("deploy").resolve(jar.getFileName().toString());
        Files.copy(jar, deployed);
        int sent = 0;
        long end = System.nanoTime() + Duration.ofSeconds(8).toNanos();
        while (System.nanoTime() < end) {
            send(server);
            sent++;
        }
        int all = before + sent;
        patiently().until(() -> mails(server).size() == all);
        assertThat(server.command("plugins").output()).contains(BUNDLE);
        assertThat(mails(server).stream().filter(DkimIT::isSigned)).hasSize(all - 1);
    }

    private static Path jar() throws IOException {
        try (Stream<Path> jars = Files.list(Server.HOME.resolve("bundles"))) {
            return jars.filter(jar -> jar.getFileName().toString().startsWith(BUNDLE)).findFirst().orElseThrow();
        }
    }

    private static boolean isSigned(String mail) {
        return mail.contains("DKIM-Signature: v=1; d=example.org; s=s1;");
    }

    private static List<String> mails(Server server) {
        return server.mailbox("alice@demo.test").stream().map(DkimIT::read).toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void send(Server server) throws Exception {
        try (Client client = new Client(server.port())) {
            client.say("EHLO me.test");
            assertThat(
                    client.send("bob@example.org", "alice@demo.test", "From: Bob <bob@example.org>\r\n\r\nhello\r\n"))
                    .startsWith("250");
        }
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(200));
    }
}
