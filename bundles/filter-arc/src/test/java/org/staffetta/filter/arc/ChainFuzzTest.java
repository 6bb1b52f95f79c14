package org.staffetta.filter.arc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.mail.Header;
import org.staffetta.domainkey.KeyFile;
import org.staffetta.domainkey.SigningKey;
import org.staffetta.domainkey.TableDns;
import org.staffetta.domainkey.TestMessage;
import org.staffetta.domainkey.UnverifiedException;
import org.staffetta.smtp.authres.AuthenticationResults;

/** There is one chain that was sealed with the key that DNS has. Nothing else passes, whatever is made of it. */
class ChainFuzzTest {

    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    // for these tests only, so that the inputs that were found stay of use
    private static final SigningKey KEY = SigningKey.parse("""
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIFaHuRgOfcAKq0oP8gAYq3if+wonOdKn3jUM/vHtj/O2
            -----END PRIVATE KEY-----
            """);
    private static final TestMessage GENUINE = TestMessage.of("""
            From: Alice <alice@example.org>
            Subject: hello

            It works.
            """.replace("\n", "\r\n"));

    @FuzzTest
    void only_what_was_sealed_passes(byte[] octets) throws IOException {
        TestMessage message;
        try {
            message = TestMessage.of(new String(octets, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException noMessage) {
            return; // the listener lets none through that is not lines
        }
        requireGrowing(message);
        TableDns dns = new TableDns().put("s._domainkey.example.org", KEY.record());
        ChainResult result = new Validator(dns).validate(message);
        assertThat(dns.asked()).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(2 * ArcSet.MOST);
        assertThat(result.oldestPass()).isBetween(0, ArcSet.MOST);
        Finding finding = ArcFilter.finding(result, new Trust(Set.of("example.org")), "192.0.2.1");
        if (result.status() == ChainResult.Status.PASS) {
            assertThat(message.body().replaceAll("\\s+", " ").strip()).isEqualTo("It works.");
            assertThat(fields(message, "From")).isEqualTo(fields(GENUINE, "From"));
            assertThat(fields(message, ArcSet.RESULTS).size()).isBetween(1, 2);
            assertThat(finding.properties().get("sealer-results"))
                    .isEqualTo("mx.example.org; spf=pass smtp.mailfrom=example.org");
        } else {
            assertThat(finding.properties()).doesNotContainKey("sealer");
        }
        AuthenticationResults told = new AuthenticationResults("mx.test", List.of(finding));
        assertThat(AuthenticationResults.parse(told.toHeader().value())).isPresent();
    }

    /** The sealed message itself, so that what passes is known to pass: with one seal or two, and other fields on top. */
    @FuzzTest
    void what_was_sealed_passes_with_other_fields_around_it(byte[] octets) throws IOException {
        List<Header> more;
        try {
            more = TestMessage.of(new String(octets, StandardCharsets.ISO_8859_1)).headers();
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException noMessage) {
            return;
        }
        TestMessage message = sealed(1 + octets.length % 2);
        for (Header header : more) {
            boolean sealed = header.name().regionMatches(true, 0, "ARC-", 0, 4) || header.is("From")
                    || header.is("Subject");
            message = sealed ? message : message.with(header);
        }
        TableDns dns = new TableDns().put("s._domainkey.example.org", KEY.record());
        assertThat(new Validator(dns).validate(message).status()).isEqualTo(ChainResult.Status.PASS);
    }

    // the instance of a new set is above all that anybody could read, and sets are whole or there is none
    private static void requireGrowing(TestMessage message) {
        int highest = Chain.highest(message.headers());
        assertThat(highest).isBetween(0, ArcSet.MOST);
        try {
            List<ArcSet> sets = Chain.of(message.headers()).sets();
            assertThat(sets).extracting(ArcSet::instance)
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, sets.size()).boxed().toList());
            assertThat(highest).isEqualTo(sets.size());
            assertThat(message.headers().stream().filter(header -> header.name().regionMatches(true, 0, "ARC-", 0, 4))
                    .filter(header -> header.is(ArcSet.SEAL) || header.is(ArcSet.SIGNATURE)
                            || header.is(ArcSet.RESULTS)))
                    .hasSize(3 * sets.size());
        } catch (UnverifiedException none) {
            assertThat(none.reason()).isNotEmpty();
        }
    }

    /** The message with one seal or two. */
    static TestMessage sealed(int times) throws IOException {
        TestMessage sealed = GENUINE;
        Settings.Identity identity = new Settings.Identity("example.org", "s", new KeyFile(Path.of("none"), "none"));
        for (int i = 0; i < times; i++) {
            ChainResult.Status status = i == 0 ? ChainResult.Status.NONE : ChainResult.Status.PASS;
            for (Header field : new Sealer(KEY, identity, List.of("From", "Subject")).seal(sealed, status,
                    "mx.example.org; spf=pass smtp.mailfrom=example.org", NOW)) {
                sealed = sealed.with(field);
            }
        }
        return sealed;
    }

    private static List<String> fields(TestMessage message, String name) {
        return message.headers().stream().filter(header -> header.is(name))
                .map(header -> header.value().replaceAll("[ \t]+", " ")).toList();
    }
}
