package org.staffetta.filter.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.filter.HeaderEdit;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Header;
import org.staffetta.domainkey.Algorithm;
import org.staffetta.domainkey.Complaints;
import org.staffetta.domainkey.KeyFile;
import org.staffetta.domainkey.SigningKey;
import org.staffetta.domainkey.TableDns;
import org.staffetta.domainkey.TestMessage;

/** Signing what goes out. */
class SignerTest {

    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final TestMessage MESSAGE = TestMessage.of("""
            Received: from client
            Date: Sun, 1 Nov 2026 12:00:00 +0000
            From: Alice <alice@example.org>
            To: bob@example.net
            Subject: hello
            Message-ID: <1@example.org>

            It works.
            """.replace("\n", "\r\n"));

    @TempDir
    static Path conf;

    private static final TableDns DNS = new TableDns();
    private final List<String> complaints = new ArrayList<>();

    @BeforeAll
    static void publish() throws IOException {
        publish("example.org", "r1", SigningKey.generate(Algorithm.RSA_SHA256, 2048));
        publish("example.org", "e1", SigningKey.generate(Algorithm.ED25519_SHA256, 0));
    }

    private static void publish(String domain, String selector, SigningKey key) throws IOException {
        KeyFile.of(conf, domain, selector).create(key);
        DNS.put(selector + "._domainkey." + domain, key.record());
    }

    static DomainKey key(String domain, String selector, Object... more) {
        Map<String, Object> attributes = new HashMap<>(Map.of("domain", domain, "selector", selector));
        for (int i = 0; i < more.length; i += 2) {
            attributes.put((String) more[i], more[i + 1]);
        }
        return DomainKey.of("test", TestSettings.configuration(KeyConfig.class, attributes), conf);
    }

    private Verdict sign(TestMessage message, Map<String, Object> settings, DomainKey... keys) throws IOException {
        return new Signer(TestSettings.of(settings), List.of(keys), () -> NOW, new Complaints(complaints::add))
                .sign(message);
    }

    private TestMessage signed(TestMessage message, DomainKey... keys) throws IOException {
        TestMessage edited = message;
        for (HeaderEdit edit : ((Verdict.Proceed) sign(message, Map.of(), keys)).edits()) {
            edited = edited.with(((HeaderEdit.Prepend) edit).header());
        }
        return edited;
    }

    private static List<Finding> verify(TestMessage message) throws IOException {
        return new Verifier(TestSettings.defaults(), DNS, () -> NOW).verify(message);
    }

    @Test
    void one_signature_for_each_key_and_each_is_valid() throws IOException {
        TestMessage signed = signed(MESSAGE, key("example.org", "r1"), key("example.org", "e1"));

        assertThat(verify(signed)).extracting(Finding::result, finding -> finding.properties().get("header.d"),
                finding -> finding.properties().get("header.s"), finding -> finding.properties().get("header.a"))
                .containsExactly(tuple("pass", "example.org", "e1", "ed25519-sha256"),
                        tuple("pass", "example.org", "r1", "rsa-sha256"));
    }

    @Test
    void the_field_is_folded_and_says_until_when_it_is_valid() throws IOException {
        Header field = signed(MESSAGE, key("example.org", "r1")).first("DKIM-Signature");

        assertThat(field.field().split("\r\n")).allMatch(line -> line.length() <= 78);
        assertThat(field.value().replace('\t', ' '))
                .startsWith("v=1; d=example.org; s=r1; t=1793534400; x=1794139200; a=rsa-sha256; "
                        + "c=relaxed/relaxed;")
                .doesNotContain("l=");
    }

    @Test
    void fields_are_signed_as_often_as_they_are_there_and_some_once_more() throws IOException {
        String h = signed(MESSAGE, key("example.org", "r1")).first("DKIM-Signature").value()
                .replaceAll("\\s", "").replaceAll(".*;h=([^;]*);.*", "$1");

        assertThat(h.split(":")).containsExactly("From", "From", "Sender", "Reply-To", "To", "To", "Cc", "Subject",
                "Subject", "Date", "Date", "Message-ID", "Message-ID", "MIME-Version", "Content-Type",
                "Content-Transfer-Encoding");
    }

    @ParameterizedTest
    @ValueSource(strings = {"From: eve@example.net", "Subject: other", "To: eve@example.net", "Cc: eve@example.net",
            "Reply-To: eve@example.net", "Date: Mon, 2 Nov 2026 12:00:00 +0000", "Message-ID: <2@example.net>",
            "Content-Type: text/html", "MIME-Version: 1.0", "Content-Transfer-Encoding: base64",
            "Sender: eve@example.net"})
    void nobody_can_add_what_people_look_at(String field) throws IOException {
        TestMessage signed = signed(MESSAGE, key("example.org", "r1"));

        assertThat(verify(signed.with(new Header(field)))).extracting(Finding::result).containsExactly("fail");
        TestMessage below = new TestMessage(
                Stream.concat(signed.headers().stream(), Stream.of(new Header(field)))
                        .toList(),
                signed.body());
        assertThat(verify(below)).extracting(Finding::result).containsExactly("fail");
    }

    @Test
    void a_body_that_got_longer_is_not_valid() throws IOException {
        TestMessage signed = signed(MESSAGE, key("example.org", "e1"));

        assertThat(verify(signed.withBody(signed.body() + "more\r\n"))).extracting(Finding::result)
                .containsExactly("fail");
        assertThat(verify(signed.withBody(signed.body() + "\r\n \r\n"))).extracting(Finding::result)
                .containsExactly("pass");
    }

    @Test
    void what_is_not_from_a_domain_of_ours_is_not_signed() throws IOException {
        DomainKey key = key("example.org", "r1");

        for (String from : List.of("eve@example.net", "a@sub.example.org", "a@example.org, b@example.org",
                "friends: a@example.org;", "<@route.example:a@example.org>", "a@notexample.org", "Alice")) {
            TestMessage other = MESSAGE.replacing(MESSAGE.first("From"), new Header("From: " + from));
            assertThat(sign(other, Map.of(), key)).as(from).isEqualTo(Verdict.proceed());
        }
        TestMessage twice = MESSAGE.with(new Header("From: alice@example.org"));
        assertThat(sign(twice, Map.of(), key)).isEqualTo(Verdict.proceed());
    }

    @Test
    void the_domain_itself_goes_before_one_above_it() {
        DomainKey above = key("example.org", "r1", "subdomains", true);
        DomainKey own = key("sub.example.org", "r1");

        assertThat(DomainKey.signing(List.of(above, own), "sub.example.org")).containsExactly(own);
        assertThat(DomainKey.signing(List.of(above, own), "other.example.org")).containsExactly(above);
        assertThat(DomainKey.signing(List.of(above, own), "a.sub.example.org")).containsExactly(above);
        assertThat(DomainKey.signing(List.of(above, own), "badexample.org")).isEmpty();
    }

    @Test
    void a_key_that_is_only_published_does_not_sign() throws IOException {
        TestMessage signed = signed(MESSAGE, key("example.org", "r1", "use", "publish"), key("example.org", "e1"));

        assertThat(verify(signed)).extracting(finding -> finding.properties().get("header.s")).containsExactly("e1");
    }

    @Test
    void one_key_that_cannot_be_read_does_not_keep_the_other_from_signing_but_an_operator_hears_of_it()
            throws IOException {
        DomainKey lost = key("example.org", "lost");

        assertThat(verify(signed(MESSAGE, lost, key("example.org", "e1")))).extracting(Finding::result)
                .containsExactly("pass");

        assertThat(complaints).hasSize(1).first().asString().startsWith("dkim.key.test cannot sign: ")
                .endsWith("/dkim/example.org.lost.pem: there is no such file");
    }

    @Test
    void without_any_key_the_message_is_for_later_and_as_soon_as_the_file_is_right_it_is_signed() throws IOException {
        DomainKey late = key("example.org", "late");
        Path file = conf.resolve("dkim/example.org.late.pem");
        Files.writeString(file, "no key");

        assertThat(sign(MESSAGE, Map.of(), late)).isInstanceOf(Verdict.Refuse.class).asString()
                .contains("451", "4.3.5");

        Files.delete(file);
        late.file().create(SigningKey.generate(Algorithm.ED25519_SHA256, 0));
        assertThat(sign(MESSAGE, Map.of(), late)).isInstanceOf(Verdict.Proceed.class);
    }

    @Test
    void a_lifetime_of_0s_is_no_end() throws IOException {
        Verdict.Proceed signed = (Verdict.Proceed) sign(MESSAGE, Map.of("sign_lifetime", "0s"),
                key("example.org", "r1"));

        assertThat(((HeaderEdit.Prepend) signed.edits().getFirst()).header().value()).doesNotContain("x=");
    }
}
