package org.staffetta.filter.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.mail.Header;
import org.staffetta.domainkey.Algorithm;
import org.staffetta.domainkey.SigningKey;
import org.staffetta.domainkey.TableDns;
import org.staffetta.domainkey.TestMessage;
import org.staffetta.domainkey.TestSigner;

/** Signatures as honest people, careless people and attackers make them. */
class VerifierTest {

    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final long T = NOW.getEpochSecond();
    private static final SigningKey KEY = SigningKey.generate(Algorithm.ED25519_SHA256, 0);
    private static final String TAGS = "v=1; a=ed25519-sha256; d=example.org; s=s; h=From";
    private static final TestMessage MESSAGE = TestMessage
            .of("From: Alice <alice@example.org>\r\nSubject: hello\r\n\r\nIt works.\r\n");

    private final TableDns dns = new TableDns().put("s._domainkey.example.org", KEY.record());

    private static TestMessage sign(String tags) throws IOException {
        return TestSigner.sign(MESSAGE, KEY, tags, Optional.empty());
    }

    private List<Finding> findings(TestMessage message) throws IOException {
        return new Verifier(TestSettings.defaults(), dns, () -> NOW).verify(message);
    }

    private String result(TestMessage message) throws IOException {
        List<Finding> findings = findings(message);
        assertThat(findings).hasSize(1);
        Finding finding = findings.getFirst();
        return finding.result()
                + Optional.ofNullable(finding.properties().get("reason")).map(reason -> ": " + reason).orElse("");
    }

    @Test
    void a_message_without_a_signature_is_not_signed() throws IOException {
        assertThat(result(MESSAGE)).isEqualTo("none: the message is not signed");
    }

    @Test
    void what_is_told_of_a_signature() throws IOException {
        Finding finding = findings(sign(TAGS + "; i=alice@sub.example.org")).getFirst();

        assertThat(finding.method()).isEqualTo("dkim");
        assertThat(finding.result()).isEqualTo("pass");
        assertThat(finding.properties()).containsEntry("header.d", "example.org").containsEntry("header.s", "s")
                .containsEntry("header.a", "ed25519-sha256").containsEntry("header.i", "alice@sub.example.org")
                .doesNotContainKey("reason");
        assertThat(finding.properties().get("header.b")).hasSize(8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            v=2             | permerror: the signature has an invalid v=
            a=rsa-sha1      | policy: rsa-sha1 is no longer accepted
            a=rsa-md5       | permerror: the algorithm of the signature is not supported
            a=RSA-SHA256    | permerror: the algorithm of the signature is not supported
            a=rsa-sha256    | permerror: the key is of another type than the signature
            d=localhost     | permerror: the signature has an invalid d=
            d=.example.org  | permerror: the signature has an invalid d=
            d=exa mple.org  | permerror: the signature has an invalid d=
            d=              | permerror: the signature has no d=
            d=-a.example    | permerror: the signature has an invalid d=
            s=              | permerror: the signature has no s=
            s=a..b          | permerror: the signature has an invalid s=
            s=none          | permerror: there is no key: no such name
            h=Subject       | permerror: the signature does not cover From
            h=              | permerror: the signature has an invalid h=
            h=From::To      | permerror: the signature has an invalid h=
            q=http          | permerror: the signature names no way to its key that we know
            q=http:dns/txt  | pass
            i=@example.net  | permerror: i= is not within d=
            i=@xexample.org | permerror: i= is not within d=
            i=nobody        | permerror: the signature has an invalid i=
            i=              | permerror: the signature has no i=
            i=@.example.org | permerror: the signature has an invalid i=
            i=a=40b@example.org | pass
            i=a=4@example.org | permerror: the signature has an invalid i=
            t=abc           | permerror: the signature has an invalid t=
            x=              | permerror: the signature has an invalid x=
            z=whatever      | pass
            unknown=tag     | pass
            """)
    void each_tag_can_be_wrong(String tag, String expected) throws IOException {
        String name = tag.substring(0, tag.indexOf('='));
        String others = TAGS.replaceAll("(^|; )" + name + "=[^;]*", "").replaceFirst("^; ", "");

        assertThat(result(sign(others + "; " + tag))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, pass", "500, pass", "700, policy: the signature is from the future"})
    void a_signature_may_be_a_little_early(long early, String expected) throws IOException {
        assertThat(result(sign(TAGS + "; t=" + (T + early)))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, pass", "500, pass", "700, policy: the signature has expired"})
    void a_signature_may_be_a_little_late(long late, String expected) throws IOException {
        assertThat(result(sign(TAGS + "; t=1; x=" + (T - late)))).isEqualTo(expected);
    }

    @Test
    void the_end_is_after_the_beginning() throws IOException {
        assertThat(result(sign(TAGS + "; t=" + T + "; x=" + T)))
                .isEqualTo("permerror: the signature ends before it begins");
    }

    @Test
    void a_part_of_the_body_is_not_enough() throws IOException {
        TestMessage part = TestSigner.sign(MESSAGE, KEY, TAGS + "; l=4", Optional.of(4L));
        TestMessage whole = TestSigner.sign(MESSAGE, KEY, TAGS + "; l=11", Optional.of(11L));

        assertThat(result(part)).isEqualTo("policy: only 4 of the 11 octets of the body are signed");
        assertThat(result(part.withBody("Other text.\r\n"))).startsWith("fail");
        assertThat(result(whole)).isEqualTo("pass");
        assertThat(result(whole.withBody(whole.body() + "<b>Buy this</b>\r\n")))
                .isEqualTo("policy: only 11 of the 28 octets of the body are signed");
        assertThat(result(TestSigner.sign(MESSAGE, KEY, TAGS + "; l=0", Optional.of(0L)))).startsWith("policy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"12", "999999999999999999", "9999999999999999999999999999999999999999"})
    void more_than_the_body_cannot_be_signed(String length) throws IOException {
        assertThat(result(sign(TAGS + "; l=" + length))).isEqualTo("permerror: l= is larger than the body");
    }

    @Test
    void failing_in_test_mode_is_no_worse_than_no_signature() throws IOException {
        TableDns testing = new TableDns().put("s._domainkey.example.org", "t=y; " + KEY.record().substring(9));
        Verifier verifier = new Verifier(TestSettings.defaults(), testing, () -> NOW);
        TestMessage signed = sign(TAGS);

        assertThat(verifier.verify(signed).getFirst().result()).isEqualTo("pass");
        assertThat(verifier.verify(signed).getFirst().properties()).containsEntry("reason", "the key is in test mode");
        assertThat(verifier.verify(signed.withBody("other")).getFirst().result()).isEqualTo("neutral");
    }

    @Test
    void when_dns_is_silent_nobody_knows() throws IOException {
        dns.fail("s._domainkey.example.org");

        assertThat(result(sign(TAGS))).isEqualTo("temperror: DNS has no answer for the key now");
    }

    @Test
    void labels_of_other_letters_are_told_as_A_labels() throws IOException {
        String domain = new String("bücher.example".getBytes(StandardCharsets.UTF_8),
                StandardCharsets.ISO_8859_1);
        dns.put("s._domainkey.xn--bcher-kva.example", KEY.record());

        Finding finding = findings(sign(TAGS.replace("example.org", domain) + "; i=@" + domain)).getFirst();
        assertThat(finding.result()).isEqualTo("pass");
        assertThat(finding.properties()).containsEntry("header.d", "xn--bcher-kva.example").containsEntry("header.i",
                "@xn--bcher-kva.example");
    }

    @Test
    void what_could_hurt_who_reads_it_is_not_told() throws IOException {
        Finding odd = findings(sign(TAGS + "; i=\u00e4=0D=0A=22@example.org")).getFirst();
        Finding none = findings(MESSAGE.with(new Header("DKIM-Signature: v=1; d=<b>; s=\"x\"; a=x y; b=\"<>")))
                .getFirst();

        assertThat(odd.properties()).doesNotContainKey("header.i").containsKey("header.d");
        assertThat(none.properties()).containsOnlyKeys("reason");
    }

    @Test
    void signatures_that_begin_alike_are_told_apart() throws IOException {
        TestMessage two = MESSAGE.with(new Header("DKIM-Signature: v=1; b=AAAAAAAAAAAAB"))
                .with(new Header("DKIM-Signature: v=1; b=AAAA AAAA AAAA C"));

        assertThat(findings(two)).extracting(finding -> finding.properties().get("header.b"))
                .containsExactly("AAAAAAAAAAAAC", "AAAAAAAAAAAAB");
    }

    @Test
    @Timeout(20)
    void thousands_of_signatures_keep_nobody_busy() throws IOException {
        TestMessage signed = sign(TAGS);
        List<Header> many = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            many.add(new Header("DKIM-Signature: v=1; a=rsa-sha256; d=d" + i
                    + ".example; s=s; h=From; bh=AAAA; b=" + "%08d".formatted(i)));
        }
        many.addAll(signed.headers());

        List<Finding> findings = findings(new TestMessage(many, signed.body()));
        assertThat(findings).hasSize(6).last()
                .isEqualTo(new Finding("dkim", "policy", Map.of("reason", "9996 more signatures were not looked at")));
        assertThat(dns.asked()).hasSize(5);
    }

    @Test
    @Timeout(20)
    void a_field_of_a_megabyte_keeps_nobody_busy() throws IOException {
        String names = String.join(":", Collections.nCopies(200_000, "From"));
        TestMessage long1 = sign(TAGS.replace("h=From", "h=" + names));
        TestMessage long2 = MESSAGE.with(new Header("DKIM-Signature: " + "a".repeat(1_000_000)));
        TestMessage long3 = MESSAGE.with(new Header("DKIM-Signature: " + ";".repeat(1_000_000)));
        TestMessage long4 = sign(TAGS + "; i=" + "=41".repeat(300_000) + "@example.org");

        assertThat(result(long1)).isEqualTo("pass");
        assertThat(result(long2)).startsWith("permerror");
        assertThat(result(long3)).startsWith("permerror");
        assertThat(findings(long4).getFirst().properties()).doesNotContainKey("header.i");
    }

    @Test
    void selectors_cannot_lead_to_another_domain() throws IOException {
        findings(sign(TAGS.replace("s=s", "s=x._domainkey.attacker.example")));

        assertThat(dns.asked()).containsExactly("x._domainkey.attacker.example._domainkey.example.org");
    }

    @Test
    void of_two_From_fields_none_passes() throws IOException {
        TestMessage signed = sign(TAGS);

        assertThat(result(signed.with(new Header("From: eve@example.net"))))
                .isEqualTo("policy: there is another From that is not signed");
    }

    @Test
    void the_tolerance_and_the_number_of_signatures_can_be_set() throws IOException {
        Settings settings = TestSettings.of(Map.of("verify_max", 1, "verify_tolerance", "1h"));
        TestMessage early = TestSigner.sign(sign(TAGS), KEY, TAGS + "; t=" + (T + 3_000), Optional.empty());

        List<Finding> findings = new Verifier(settings, dns, () -> NOW).verify(early);
        assertThat(settings.tolerance()).isEqualTo(Duration.ofHours(1));
        assertThat(findings).extracting(Finding::result).containsExactly("pass", "policy");
    }
}
