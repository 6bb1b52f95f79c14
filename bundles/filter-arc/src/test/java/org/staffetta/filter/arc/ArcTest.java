package org.staffetta.filter.arc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.mail.Header;
import org.staffetta.domainkey.Algorithm;
import org.staffetta.domainkey.KeyFile;
import org.staffetta.domainkey.SigningKey;
import org.staffetta.domainkey.TableDns;
import org.staffetta.domainkey.TestMessage;

/** Chains of our own making. */
class ArcTest {

    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final List<String> HEADERS = List.of("From", "To", "Subject");
    private static final TestMessage MESSAGE = TestMessage.of("""
            From: Alice <alice@example.org>
            To: list@lists.example
            Subject: hello

            It works.
            """.replace("\n", "\r\n"));

    private final TableDns dns = new TableDns();
    private final Map<String, SigningKey> keys = new HashMap<>();

    private SigningKey key(String domain) {
        return keys.computeIfAbsent(domain, name -> {
            SigningKey made = SigningKey.generate(Algorithm.ED25519_SHA256, 0);
            dns.put("s._domainkey." + name, made.record());
            return made;
        });
    }

    /** A message that somebody has passed on. */
    private TestMessage sealed(TestMessage message, String domain, List<String> headers, String told)
            throws IOException {
        return sealed(message, validate(message).status(), domain, headers, told);
    }

    private TestMessage sealed(TestMessage message, ChainResult.Status status, String domain, List<String> headers,
            String told) throws IOException {
        Settings.Identity identity = new Settings.Identity(domain, "s", new KeyFile(Path.of("none"), "none"));
        TestMessage sealed = message;
        for (Header field : new Sealer(key(domain), identity, headers).seal(message, status, told, NOW)) {
            sealed = sealed.with(field);
        }
        return sealed;
    }

    /** A message whose chain was verified, and whose body was changed before it was sealed. */
    private TestMessage changed(TestMessage message, String domain) throws IOException {
        return sealed(message.withBody("A footer.\r\n"), validate(message).status(), domain, HEADERS,
                domain + "; none");
    }

    private TestMessage sealed(TestMessage message, String domain) throws IOException {
        return sealed(message, domain, HEADERS, domain + "; spf=pass smtp.mailfrom=example.org");
    }

    private ChainResult validate(TestMessage message) throws IOException {
        return new Validator(dns).validate(message);
    }

    private Finding finding(TestMessage message, String... trusted) throws IOException {
        return ArcFilter.finding(validate(message), new Trust(Set.of(trusted)), "192.0.2.1");
    }

    @Test
    void a_message_nobody_has_sealed_has_no_chain() throws IOException {
        assertThat(finding(MESSAGE)).isEqualTo(new Finding("arc", "none", Map.of("smtp.remote-ip", "192.0.2.1")));
    }

    @Test
    void a_chain_tells_who_has_passed_the_message_on() throws IOException {
        Finding finding = finding(sealed(sealed(MESSAGE, "one.example"), "two.example"));

        assertThat(finding.result()).isEqualTo("pass");
        assertThat(finding.properties()).isEqualTo(Map.of("smtp.remote-ip", "192.0.2.1", "header.oldest-pass", "0",
                "chain", "2:two.example:s 1:one.example:s"));
    }

    @Test
    void the_oldest_pass_is_the_last_who_changed_something() throws IOException {
        TestMessage once = sealed(MESSAGE, "one.example");
        TestMessage changed = changed(once, "two.example");

        assertThat(validate(changed).oldestPass()).isEqualTo(2);
        assertThat(validate(sealed(changed, "three.example")).oldestPass()).isEqualTo(2);
        assertThat(validate(sealed(once, "two.example")).oldestPass()).isZero();
    }

    @Test
    void what_was_changed_since_the_last_seal_breaks_the_chain() throws IOException {
        TestMessage changed = sealed(MESSAGE, "one.example").withBody("A footer.\r\n");

        assertThat(finding(changed).result()).isEqualTo("fail");
        assertThat(finding(changed).properties()).containsEntry("reason", "the body does not match");
    }

    @Test
    void a_broken_chain_is_sealed_once_more_as_broken_and_then_never_again() throws IOException {
        TestMessage broken = sealed(MESSAGE, "one.example").withBody("A footer.\r\n");

        TestMessage again = sealed(broken, "two.example");
        assertThat(again.first(ArcSet.SEAL).value()).contains("i=2;").contains("cv=fail;");
        assertThat(validate(again).reason()).isEqualTo("the chain was broken before, says instance 2");

        assertThat(sealed(again, "three.example")).isEqualTo(again);
    }

    @Test
    void results_that_were_changed_break_the_chain() throws IOException {
        TestMessage sealed = sealed(MESSAGE, "one.example");
        Header results = sealed.first(ArcSet.RESULTS);
        Header better = new Header(results.field().replace("spf=pass", "dmarc=pass"));

        assertThat(validate(sealed.replacing(results, better)).status()).isEqualTo(ChainResult.Status.FAIL);
    }

    @ParameterizedTest
    @ValueSource(strings = {ArcSet.RESULTS, ArcSet.SIGNATURE, ArcSet.SEAL})
    void a_field_that_is_missing_or_stands_twice_breaks_the_chain(String name) throws IOException {
        TestMessage sealed = sealed(sealed(MESSAGE, "one.example"), "two.example");
        Header field = sealed.first(name);

        assertThat(validate(sealed.replacing(field)).status()).isEqualTo(ChainResult.Status.FAIL);
        assertThat(validate(sealed.with(field)).status()).isEqualTo(ChainResult.Status.FAIL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "51", "99", "1000", "-1", "x", ""})
    void an_instance_is_1_to_50(String instance) throws IOException {
        TestMessage sealed = sealed(MESSAGE, "one.example");
        UnaryOperator<Header> renumbered = field -> new Header(
                field.field().replaceFirst("i=1", "i=" + instance));
        TestMessage changed = new TestMessage(sealed.headers().stream()
                .map(field -> field.name().startsWith("ARC-") ? renumbered.apply(field) : field).toList(),
                sealed.body());

        assertThat(validate(changed).status()).isEqualTo(ChainResult.Status.FAIL);
        assertThat(dns.asked()).isEmpty();
    }

    @Test
    void fifty_sets_are_a_chain_and_nobody_adds_another() throws IOException {
        TestMessage message = MESSAGE;
        for (int i = 0; i < ArcSet.MOST; i++) {
            message = sealed(message, "one.example");
        }

        assertThat(validate(message).status()).isEqualTo(ChainResult.Status.PASS);
        assertThat(validate(message).sets()).hasSize(50);
        assertThat(sealed(message, "one.example")).isEqualTo(message);
    }

    @Test
    void when_dns_is_silent_nobody_knows_and_the_chain_is_left_as_it_is() throws IOException {
        TestMessage sealed = sealed(sealed(MESSAGE, "one.example"), "two.example");
        dns.fail("s._domainkey.one.example");

        assertThat(finding(sealed).result()).isEqualTo("temperror");
        assertThat(sealed(sealed, "three.example")).isEqualTo(sealed);
    }

    @Test
    void the_word_of_a_trusted_sealer_is_handed_on() throws IOException {
        TestMessage sealed = sealed(sealed(MESSAGE, "one.example"), "two.example");

        assertThat(finding(sealed, "two.example").properties()).containsEntry("sealer", "two.example")
                .containsEntry("sealer-instance", "2")
                .containsEntry("sealer-results", "two.example; spf=pass smtp.mailfrom=example.org");
        assertThat(finding(sealed, "two.example", "one.example").properties()).containsEntry("sealer-instance", "1");
        assertThat(finding(sealed, "example").properties()).doesNotContainKey("sealer");
    }

    @Test
    void it_counts_under_strangers_as_long_as_they_changed_nothing() throws IOException {
        TestMessage list = sealed(MESSAGE, "list.example");

        assertThat(finding(sealed(list, "stranger.example"), "list.example").properties()).containsEntry("sealer",
                "list.example");
        assertThat(finding(changed(list, "stranger.example"), "list.example").properties())
                .doesNotContainKey("sealer");
    }

    @Test
    void a_stranger_cannot_put_another_From_under_an_old_seal() throws IOException {
        TestMessage list = sealed(MESSAGE, "list.example", List.of("To", "Subject"), "list.example; dmarc=pass");
        TestMessage forged = list.replacing(list.first("From"), new Header("From: boss@bank.example"));

        ChainResult result = validate(forged);
        assertThat(result.status()).isEqualTo(ChainResult.Status.PASS);
        assertThat(new Trust(Set.of("list.example")).believed(result)).isEmpty();
    }

    @Test
    void a_chain_of_trusted_sealers_may_change_the_message() throws IOException {
        TestMessage list = sealed(MESSAGE, "list.example");
        TestMessage footer = changed(list, "gateway.example");

        assertThat(finding(footer, "list.example", "gateway.example").properties()).containsEntry("sealer",
                "list.example");
        assertThat(finding(footer, "list.example").properties()).doesNotContainKey("sealer");
    }
}
