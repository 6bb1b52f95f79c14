package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opentest4j.TestAbortedException;
import org.staffetta.itests.Peer.Ours;
import org.staffetta.testkit.FakeDns;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Servers that others wrote, as those that send to us, and as those that we send to: encrypted, and each sure of the other's name. */
class PeersIT {

    private static final String PASSWORD = "correct-horse-42";
    private static final List<String> OUR_DOMAINS = List.of("tls12.test", "tls13.test", "wrapped.test", "misnamed.test",
            "plain.test", "scram.test");

    @TempDir
    private static Path folder;
    private static Server server;
    private static FakeDns names;
    private static final Map<String, Peer> PEERS = new HashMap<>();
    private static final Map<String, TestAbortedException> ABSENT = new HashMap<>();

    // every host is on this machine, and nothing else is known
    private static byte[] onThisMachine(Message query) {
        Message answer = FakeDns.response(query, Rcode.NOERROR);
        Record question = query.getQuestion();
        if (question.getType() == Type.A) {
            answer.addRecord(FakeDns.record(question.getName() + " 60 A 127.0.0.1"), Section.ANSWER);
        }
        return answer.toWire();
    }

    private interface Start {
        Peer run() throws Exception;
    }

    @BeforeAll
    static void start() throws Exception {
        // other servers look at it as other users
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Authority authority = new Authority(folder);
        int postfix = Peer.freePort();
        int postfix12 = Peer.freePort();
        int exim = Peer.freePort();
        names = new FakeDns();
        names.says(PeersIT::onThisMachine);
        server = Server.in(folder.resolve("server")).file("directory.txt", directory()).set("hostname", "mx.test")
                .set("certificate.mx.file", authority.issue("mx", "mx.test", "localhost").toString())
                .set("listener.submissions.address", "127.0.0.1").set("listener.submissions.port", "0")
                .set("listener.submissions.tls", "implicit").set("listener.submission.address", "127.0.0.1")
                .set("listener.submission.port", "0").set("listener.submission.tls", "required")
                .set("listener.submission.auth", "required")
                .set("dns.servers", "127.0.0.1:" + names.address().getPort())
                .set("router.routes", "postfix.test smtp:[mx.postfix.test]:" + postfix
                        + ", postfix12.test smtp:[mx.postfix.test]:" + postfix12
                        + ", exim.test smtp:[mx.exim.test]:" + exim
                        + ", stranger.test smtp:[mx.stranger.test]:" + postfix
                        + ", stranger2.test smtp:[mx.stranger.test]:" + exim)
                .set("tls.trust", authority.certificate().toString())
                .set("relay.tls.policies", "mx.postfix.test verify, mx.exim.test verify, mx.stranger.test verify")
                .start();
        String scram = server.command("passwd", "--scram", PASSWORD).output().strip();
        Files.writeString(server.conf().resolve("directory.txt"),
                directory() + "domain demo.test\naccount carol@demo.test " + scram
                        + "\nalias postmaster@demo.test carol@demo.test\n");
        await().atMost(Duration.ofSeconds(20)).until(() -> says(server.port("submission"), "SCRAM-SHA-256"));
        Ours ours = new Ours(server.port(), server.port("submissions"), server.port("submission"));
        String login = "carol@demo.test:" + PASSWORD;
        begin("postfix", () -> new Postfix(folder.resolve("postfix"), postfix, postfix12, authority.certificate(),
                authority.issue("postfix-key", "mx.postfix.test"), ours, login));
        begin("exim", () -> new Exim(folder.resolve("exim"), exim, authority.certificate(),
                authority.issue("exim-key", "mx.exim.test"), ours, login));
    }

    @AfterAll
    static void stop() throws Exception {
        for (Peer peer : PEERS.values()) {
            peer.stop();
        }
        if (server != null) {
            server.close();
        }
        if (names != null) {
            names.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"postfix,tls12,TLSv1.2,TLS_ECDHE_ECDSA_WITH_", "postfix,tls13,TLSv1.3,TLS_AES_",
            "postfix,wrapped,TLSv1.3,TLS_AES_", "exim,tls12,TLSv1.2,TLS_ECDHE_ECDSA_WITH_",
            "exim,tls13,TLSv1.3,TLS_AES_", "exim,wrapped,TLSv1.3,TLS_AES_"})
    void it_sends_to_us_encrypted_and_verifies_our_name(String who, String way, String protocol, String cipher)
            throws Exception {
        Peer peer = peer(who);
        String subject = who + "-by-" + way;
        hand(peer.port(), "bob@elsewhere.test", "alice@" + way + ".test", subject);
        patiently().until(() -> !received("alice@" + way + ".test", subject).isEmpty());
        assertThat(received("alice@" + way + ".test", subject)).startsWith("from mx." + who + ".test")
                .contains("with ESMTPS (" + protocol + " " + cipher);
        patiently().untilAsserted(() -> assertThat(mailLog())
                .containsPattern(
                        "protocol=" + protocol.replace(".", "\\.") + ", cipher=" + cipher + ".*, sni=mx\\.test"));
        patiently().until(() -> peer.log().contains(verified(who, protocol)));
    }

    @ParameterizedTest
    @CsvSource({"postfix,Server certificate not verified", "exim,certificate"})
    void it_does_not_send_to_us_under_a_name_that_is_not_ours(String who, String complaint) throws Exception {
        Peer peer = peer(who);
        hand(peer.port(), "bob@elsewhere.test", "alice@misnamed.test", who + "-misnamed");
        patiently().until(() -> peer.log().contains("alice@misnamed.test") && peer.log().contains(complaint));
        assertThat(received("alice@misnamed.test", who + "-misnamed")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"postfix,postfix.test,TLSv1.3", "postfix,postfix12.test,TLSv1.2", "exim,exim.test,TLS1.3"})
    void we_send_to_it_encrypted_and_verify_its_name(String who, String domain, String protocol) throws Exception {
        Peer peer = peer(who);
        String subject = "to-" + domain;
        hand(server.port(), "alice@tls13.test", "bob@" + domain, subject);
        patiently().until(() -> peer.mails().stream().anyMatch(mail -> mail.contains("Subject: " + subject)));
        String mail = peer.mails().stream().filter(one -> one.contains("Subject: " + subject)).findFirst()
                .orElseThrow();
        assertThat(mail).containsPattern("mx\\.test[^;]*" + protocol.replace(".", "\\."));
        patiently().until(() -> mailLog().contains("to=<bob@" + domain + ">"));
        assertThat(mailLog()).containsPattern("to=<bob@" + domain + ">.*status=sent");
    }

    @ParameterizedTest
    @CsvSource({"postfix,stranger.test", "exim,stranger2.test"})
    void mail_waits_when_it_is_not_who_it_should_be(String who, String domain) throws Exception {
        Peer peer = peer(who);
        hand(server.port(), "alice@tls13.test", "bob@" + domain, "not-for-" + who);
        patiently().until(() -> mailLog().contains("to=<bob@" + domain + ">"));
        assertThat(mailLog()).containsPattern("to=<bob@" + domain + ">.*4\\.7\\.5.*status=deferred"
                + "|to=<bob@" + domain + ">.*status=deferred.*4\\.7\\.5");
        assertThat(peer.mails()).noneMatch(mail -> mail.contains("not-for-" + who));
    }

    @ParameterizedTest
    @CsvSource({"postfix,plain", "postfix,scram", "exim,plain"})
    void it_logs_in_to_submit(String who, String way) throws Exception {
        Peer peer = peer(who);
        String subject = who + "-logs-in-by-" + way;
        hand(peer.port(), "carol@demo.test", "alice@" + way + ".test", subject);
        patiently().until(() -> !received("alice@" + way + ".test", subject).isEmpty());
        assertThat(received("alice@" + way + ".test", subject)).contains("with ESMTPSA (TLSv1.3 ");
    }

    private static void begin(String who, Start start) throws Exception {
        try {
            PEERS.put(who, start.run());
        } catch (TestAbortedException absent) {
            ABSENT.put(who, absent);
        }
    }

    private static Peer peer(String who) {
        if (ABSENT.containsKey(who)) {
            return abort(ABSENT.get(who).getMessage());
        }
        return PEERS.get(who);
    }

    private static String verified(String who, String protocol) {
        return who.equals("postfix")
                ? "Verified TLS connection established to 127.0.0.1[127.0.0.1]:" + server.port() + ": " + protocol
                : "CV=yes";
    }

    private static String directory() {
        List<String> lines = new ArrayList<>();
        OUR_DOMAINS.forEach(one -> lines.add("""
                domain %1$s
                account alice@%1$s
                alias postmaster@%1$s alice@%1$s
                """.formatted(one)));
        return String.join("", lines);
    }

    private static boolean says(int port, String word) throws IOException {
        try (Client client = new Client(port)) {
            client.say("EHLO me.test");
            client.encrypt("mx.test");
            client.write("EHLO me.test\r\n".getBytes(UTF_8));
            return client.lines().contains(word);
        }
    }

    private static void hand(int port, String from, String to, String subject) throws IOException {
        try (Client client = new Client(port)) {
            client.say("EHLO me.test");
            assertThat(client.send(from, to, "From: <" + from + ">\r\nSubject: " + subject + "\r\n\r\nx"))
                    .startsWith("250");
            client.say("QUIT");
        }
    }

    /** Our own trace field of the mail that arrived under this subject, on one line; empty as long as there is none. */
    private static String received(String account, String subject) {
        return server.mailbox(account).stream().map(PeersIT::read).filter(mail -> mail.contains("Subject: " + subject))
                .map(mail -> mail.substring(mail.indexOf("Received: ") + "Received: ".length()).split(";", 2)[0]
                        .replaceAll("\\s+", " "))
                .findFirst().orElse("");
    }

    private static String mailLog() {
        return read(server.data().resolve("log/mail.log"));
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(30));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
