package org.staffetta.filter.arc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.filter.HeaderEdit;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.session.Session;
import org.staffetta.domainkey.Algorithm;
import org.staffetta.domainkey.KeyFile;
import org.staffetta.domainkey.SigningKey;
import org.staffetta.domainkey.TableDns;
import org.staffetta.domainkey.TestMessage;

/** The filter that seals. */
class ArcSealerTest {

    private static final Envelope ENVELOPE = new Envelope(Address.NULL, List.of(), Map.of());
    private static final TestMessage MESSAGE = TestMessage.of("From: a@example.org\r\n\r\nhello\r\n");

    @TempDir
    private Path conf;

    private final TableDns dns = new TableDns();

    /** What a filter may ask. */
    private record Context(Session session, List<Finding> findings, Dns dns) implements FilterContext {

        @Override
        public String transaction() {
            return "S.1";
        }
    }

    private static Session session(String account) {
        return (Session) Proxy.newProxyInstance(Session.class.getClassLoader(), new Class<?>[]{Session.class},
                (_, method, _) -> {
                    if (method.getName().equals("account")) {
                        return account;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    private static ArcConfig config(Map<String, Object> given) {
        return (ArcConfig) Proxy.newProxyInstance(ArcConfig.class.getClassLoader(), new Class<?>[]{ArcConfig.class},
                (_, method, _) -> given.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    private ArcSealer sealer() {
        return new ArcSealer(
                config(Map.of("hostname", "mx.example", "seal_domain", "example.net", "seal_selector", "s1")), conf,
                () -> Instant.parse("2026-11-01T12:00:00Z"));
    }

    private Verdict seal(ArcSealer sealer, String account, Finding... findings) throws IOException {
        try (var transaction = sealer.begin(new Context(session(account), List.of(findings), dns))) {
            return transaction.data(ENVELOPE, MESSAGE);
        }
    }

    private void makeKey() throws IOException {
        SigningKey key = SigningKey.generate(Algorithm.RSA_SHA256, 1024);
        dns.put("s1._domainkey.example.net", key.record());
        KeyFile.of(conf, "example.net", "s1").create(key);
    }

    @Test
    void the_findings_of_all_filters_before_are_told_and_sealed() throws IOException {
        makeKey();
        Verdict.Proceed verdict = (Verdict.Proceed) seal(sealer(), "",
                new Finding("dkim", "pass", Map.of("header.d", "example.org", "header.b", "ab+/cd==")),
                new Finding("arc", "none", Map.of("sealer-results", "secret")));

        TestMessage sealed = MESSAGE;
        for (HeaderEdit edit : verdict.edits()) {
            sealed = sealed.with(((HeaderEdit.Prepend) edit).header());
        }
        assertThat(sealed.first(ArcSet.RESULTS).field()).isEqualTo("ARC-Authentication-Results: i=1; mx.example;\r\n"
                + "\tdkim=pass header.b=\"ab+/cd==\" header.d=example.org;\r\n\tarc=none");
        assertThat(new Validator(dns).validate(sealed).status()).isEqualTo(ChainResult.Status.PASS);
    }

    @Test
    void the_status_is_the_one_that_was_found_when_the_message_came_in() throws IOException {
        makeKey();
        Verdict.Proceed verdict = (Verdict.Proceed) seal(sealer(), "", new Finding("arc", "temperror", Map.of()));

        assertThat(verdict.edits()).isEmpty();
    }

    @Test
    void what_our_own_users_send_is_not_sealed() throws IOException {
        makeKey();
        assertThat(seal(sealer(), "alice")).isEqualTo(Verdict.proceed());
    }

    @Test
    void without_a_key_mail_goes_on() throws IOException {
        assertThat(seal(sealer(), "")).isEqualTo(Verdict.proceed());
    }

    @Test
    void nothing_is_sealed_by_default() throws IOException {
        ArcSealer unconfigured = new ArcSealer(config(Map.of()), conf, Instant::now);

        assertThat(seal(unconfigured, "")).isEqualTo(Verdict.proceed());
    }

    @Test
    void settings_that_are_wrong_are_told_in_one_line() {
        assertThatThrownBy(() -> Settings.of(config(Map.of("seal_domain", "localhost")), conf))
                .hasMessage("seal.domain: 'localhost' is not a domain name");
        assertThatThrownBy(() -> Settings.of(config(Map.of("seal_headers", new String[]{"From", "ARC-Seal"})), conf))
                .hasMessage("seal.headers: 'ARC-Seal' is not the name of a header field that can be sealed");
        assertThatThrownBy(() -> Settings.of(config(Map.of("trusted_sealers", new String[]{"a b.example"})), conf))
                .hasMessage("trusted.sealers: 'a b.example' is not a domain name");
    }
}
