package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of the filters that find out who sent a message, and what the server writes itself. */
class TrustIT {

    private static final String SECOND = "domain second.test\naccount carol@second.test\npostmaster carol@second.test\n";
    private static final Pattern PASSWORD = Pattern.compile("password (\\S+) +\\(shown only this once\\)");

    @TempDir
    private Path folder;

    @Test
    void a_report_that_comes_by_mail_is_delivered_and_read_and_what_filters_found_is_counted() throws Exception {
        try (Server server = Server.in(folder).set("dns.servers", "127.0.0.1:9").set("dns.timeout", "50")
                .set("dns.deadline", "100").set("dmarc.incoming", "alice@demo.test").set("spf.trusted", "true")
                .start()) {
            assertThat(server.command("dmarc").output()).startsWith("There is no report since ");
            try (Client client = new Client(server.port())) {
                client.say("EHLO me.test");
                for (byte[] attachment : List.of(gzip("<feedback><oops>"), gzip(report()), gzip(report()))) {
                    assertThat(client.send("r@reporter.example", "alice@demo.test", message(attachment)))
                            .startsWith("250");
                }
            }
            patiently().until(() -> server.mailbox("alice@demo.test").size() == 3);
            patiently().until(() -> server.command("dmarc").output().contains("192.0.2.7"));
            assertThat(server.command("dmarc", "example.org").output())
                    .contains("example.org: 15 messages in 1 reports, 12 did not pass").containsPattern(
                            "(?s)198\\.51\\.100\\.9 +12 +fail +fail +none +reporter\\.example\\?.*192\\.0\\.2\\.7 +3 +pass +fail");
            assertThat(server.command("dmarc", "--json").output()).contains("\"source\":\"198.51.100.9\"");
            assertThat(server.command("help").output()).containsPattern("dmarc +shows what others report");
            assertThat(Files.readString(server.data().resolve("log/staffetta.log")))
                    .contains("a report from somebody not proven cannot be read: it is not well-formed");

            assertThat(server.command("plugins", "--chain").output()).contains("dkim has found: none 3\n");
            assertThat(server.command("plugins", "--chain", "--json").output())
                    .containsPattern("\"filter\":\"spf\".*\"results\":\\{[^}]*\"spf=temperror\":\\d+")
                    .containsPattern("\"filter\":\"dkim\".*\"results\":\\{\"dkim=none\":3\\}");
        }
    }

    @Test
    void a_bounce_is_signed_when_there_is_a_key_for_its_domain() throws Exception {
        try (Server second = Server.in(folder.resolve("second")).file("directory.txt", SECOND).start();
                Server first = Server.in(folder.resolve("first")).set("hostname", "mx.demo.test")
                        .set("router.routes", "second.test smtp:[127.0.0.1]:" + second.port()).start()) {
            bounce(first, 1);
            assertThat(first.command("dkim", "new", "demo.test", "--selector", "s1").status()).isZero();
            first.command("config", "set", "dkim.key.demo-test-s1.subdomains", "true");
            first.command("config", "set", "dkim.key.demo-test-s1.use", "sign");
            patiently().until(() -> first.command("dkim", "list", "--json").output().contains("\"use\":\"sign\""));
            bounce(first, 2);

            assertThat(first.mailbox("alice@demo.test").stream().map(TrustIT::read)
                    .filter(mail -> mail.contains("DKIM-Signature: v=1; d=demo.test; s=s1;"))).singleElement()
                    .asString()
                    .contains("Return-Path: <>", "From: Mail Delivery System <postmaster@mx.demo.test>");
            assertThat(first.command("plugins").output())
                    .containsPattern("signer +dkim-sign +org\\.staffetta\\.filter\\.dkim");
        }
    }

    private static void bounce(Server server, int mails) throws Exception {
        try (Client client = new Client(server.port())) {
            client.say("EHLO me.test");
            assertThat(client.send("alice@demo.test", "nobody@second.test", "Subject: lost\r\n\r\nx"))
                    .startsWith("250");
        }
        patiently().until(() -> server.mailbox("alice@demo.test").size() == mails);
    }

    @Test
    void each_filter_has_a_form_in_the_web_console_that_shows_all_its_settings_and_writes_the_file() throws Exception {
        try (Server server = Server.in(folder).start()) {
            String listed = server.command("config", "list", "-d").output();
            for (String filter : List.of("spf", "dkim", "arc", "dmarc")) {
                String form = form(server, "org.staffetta." + filter);
                List<String> keys = Pattern.compile("(?m)^" + filter + "\\.([a-z.]+) *=").matcher(listed).results()
                        .map(match -> match.group(1)).toList();
                assertThat(keys).as(listed).hasSizeGreaterThan(2).allSatisfy(key -> assertThat(form)
                        .containsPattern("\"" + Pattern.quote(key) + "\":\\{\"name\":\"[^\"]+\"")
                        .containsPattern("\"description\":\"[^\"]{20,} \\(" + Pattern.quote(key) + "\\)\""));
            }
            assertThat(form(server, "org.staffetta.dkim.key")).contains("\"selector\":{\"name\":");

            form(server, "org.staffetta.dmarc", "report.max.lines", "5");
            patiently().until(() -> Files.readString(server.data().resolve("log/staffetta.log"))
                    .contains("dmarc.report.max.lines: must be 100 to 1000000"));
            form(server, "org.staffetta.dmarc", "report.max.lines", "5000");
            patiently().until(() -> Files.readString(server.conf().resolve("staffetta.properties"))
                    .contains("dmarc.report.max.lines = 5000"));
        }
    }

    /** As a browser asks for the form of a PID, or sends it with one field filled in. */
    private static String form(Server server, String pid, String... field) throws IOException, InterruptedException {
        Matcher password = PASSWORD.matcher(server.output());
        assertThat(password.find()).as(server.output()).isTrue();
        String credentials = Base64.getEncoder().encodeToString(("admin:" + password.group(1)).getBytes(UTF_8));
        String content = field.length == 0
                ? ""
                : "apply=true&propertylist=" + field[0] + "&" + field[0] + "=" + field[1];
        HttpRequest post = HttpRequest.newBuilder(URI.create(server.ready("console") + "/configMgr/" + pid))
                .header("Authorization", "Basic " + credentials)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(content)).build();
        var answer = HttpClient.newHttpClient().send(post, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(field.length == 0 ? 200 : 302);
        return answer.body();
    }

    private static String report() {
        long yesterday = Instant.now().minus(Duration.ofDays(1)).getEpochSecond();
        return "<?xml version=\"1.0\"?><feedback xmlns=\"urn:ietf:params:xml:ns:dmarc-2.0\"><report_metadata>"
                + "<org_name>reporter.example</org_name><report_id>1</report_id><date_range><begin>" + yesterday
                + "</begin><end>" + yesterday + "</end></date_range></report_metadata><policy_published>"
                + "<domain>example.org</domain></policy_published>" + row("192.0.2.7", 3, "pass")
                + row("198.51.100.9", 12, "fail") + "</feedback>";
    }

    private static String row(String source, int count, String dkim) {
        return "<record><row><source_ip>" + source + "</source_ip><count>" + count
                + "</count><policy_evaluated><disposition>none</disposition><dkim>" + dkim
                + "</dkim><spf>fail</spf></policy_evaluated></row></record>";
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(US_ASCII));
        }
        return out.toByteArray();
    }

    private static String message(byte[] attachment) {
        return "From: r@reporter.example\r\nSubject: Report Domain: example.org\r\nMIME-Version: 1.0\r\n"
                + "Content-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + Base64.getMimeEncoder().encodeToString(attachment) + "\r\n";
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, ISO_8859_1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(200));
    }
}
