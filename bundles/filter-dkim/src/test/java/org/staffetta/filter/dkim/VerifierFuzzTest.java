package org.staffetta.filter.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.mail.Header;
import org.staffetta.domainkey.Author;
import org.staffetta.domainkey.SigningKey;
import org.staffetta.domainkey.TableDns;
import org.staffetta.domainkey.TestMessage;
import org.staffetta.domainkey.TestSigner;
import org.staffetta.smtp.authres.AuthenticationResults;

/** There is one message that is signed with the key that DNS has. Nothing else passes, whatever is made of it. */
class VerifierFuzzTest {

    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    // for these tests only, so that the inputs that were found stay of use
    private static final SigningKey KEY = SigningKey.parse("""
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIFaHuRgOfcAKq0oP8gAYq3if+wonOdKn3jUM/vHtj/O2
            -----END PRIVATE KEY-----
            """);
    private static final TestMessage GENUINE = TestMessage.of("""
            From: Alice <alice@example.org>
            To: bob@example.com
            Subject: hello

            It  works.

            """.replace("\n", "\r\n"));

    @FuzzTest
    void only_what_was_signed_passes(byte[] octets) throws IOException {
        TestMessage message;
        try {
            message = TestMessage.of(new String(octets, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException noMessage) {
            return; // the listener lets none through that is not lines
        }
        TableDns dns = new TableDns().put("s._domainkey.example.org", KEY.record());
        List<Finding> findings = new Verifier(TestSettings.defaults(), dns, () -> NOW).verify(message);
        assertThat(findings).isNotEmpty().hasSizeLessThan(12);
        assertThat(dns.asked()).doesNotHaveDuplicates().hasSizeLessThan(12);
        if (findings.stream().anyMatch(finding -> finding.result().equals("pass"))) {
            assertThat(relaxed(message.body())).isEqualTo(relaxed(GENUINE.body()));
            assertThat(fields(message, "From")).isEqualTo(fields(GENUINE, "From"));
            assertThat(fields(message, "Subject")).isEqualTo(fields(GENUINE, "Subject"));
            assertThat(Author.domain(message.headers())).contains("example.org");
        }
        AuthenticationResults results = new AuthenticationResults("mx.test", findings);
        assertThat(AuthenticationResults.parse(results.toHeader().value())).map(read -> read.findings().size())
                .contains(findings.size());
    }

    /** The signed message itself, so that what passes is known to pass. */
    @FuzzTest
    void what_was_signed_passes_with_other_fields_around_it(byte[] octets) throws IOException {
        TestMessage message = signed();
        List<Header> more;
        try {
            more = TestMessage.of(new String(octets, StandardCharsets.ISO_8859_1)).headers();
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException noMessage) {
            return;
        }
        for (Header header : more) {
            if (!List.of("from", "to", "subject").contains(header.name().toLowerCase(Locale.ROOT))
                    && !header.is("DKIM-Signature")) {
                message = message.with(header);
            }
        }
        TableDns dns = new TableDns().put("s._domainkey.example.org", KEY.record());
        assertThat(new Verifier(TestSettings.defaults(), dns, () -> NOW).verify(message))
                .extracting(Finding::result).containsExactly("pass");
    }

    static TestMessage signed() throws IOException {
        return TestSigner.sign(GENUINE, KEY, "v=1; a=ed25519-sha256; d=example.org; s=s; h=From:To:Subject",
                Optional.empty());
    }

    private static List<String> fields(TestMessage message, String name) {
        return message.headers().stream().filter(header -> header.is(name))
                .map(header -> header.value().replaceAll("[ \t]+", " ")).toList();
    }

    private static String relaxed(String body) {
        return body.replaceAll("[ \t]+", " ").replaceAll(" (?=\r\n)| $", "").replaceAll("(\r\n)+$", "");
    }
}
