package org.staffetta.smtp.authres;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.mail.Header;

/** What we say is what others read, whatever strangers put into it; and what others say in our name is seen, however it is written. */
class AuthenticationResultsFuzzTest {

    private static final String SERVICE = "mx.example.org";

    /** Each line of the input is a finding: method, result, and names and values of properties, with bars between. */
    @FuzzTest
    void what_is_written_is_read_with_the_same_values(byte[] octets) {
        List<Finding> findings = new String(octets, StandardCharsets.UTF_8).lines().limit(20)
                .map(AuthenticationResultsFuzzTest::finding).toList();
        AuthenticationResults results = new AuthenticationResults(SERVICE, findings);
        Header header = results.toHeader();
        for (String line : header.field().split("\r\n", -1)) {
            assertThat(line.length()).isLessThanOrEqualTo(998);
            assertThat(line.chars().allMatch(c -> c >= 0x20 && c < 0x7f || c == '\t')).isTrue();
            assertThat(line).isNotBlank();
        }
        assertThat(AuthenticationResults.parse(header.value()))
                .contains(new AuthenticationResults(SERVICE, findings.stream().filter(one -> isKeyword(one.method()))
                        .filter(one -> isKeyword(one.result())).map(AuthenticationResultsFuzzTest::told).toList()));
        assertThat(AuthenticationResults.isInNameOf(SERVICE, header)).isTrue();
    }

    @FuzzTest
    void what_anybody_reads_as_our_name_is_in_our_name(byte[] octets) {
        Header header;
        try {
            header = new Header("Authentication-Results:" + new String(octets, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException noField) {
            return;
        }
        Optional<AuthenticationResults> read = AuthenticationResults.parse(header.value());
        read.ifPresent(results -> assertThat(AuthenticationResults.parse(results.text().replace("\r\n", "")))
                .isPresent());
        boolean ours = read.filter(results -> results.service().equalsIgnoreCase(SERVICE)).isPresent();
        String value = header.value();
        // readers that know nothing of comments, of nested ones, of quotes, or of any of these
        ours |= isFirst(value) || isFirst(value.replaceAll("\\([^()]*\\)", ""))
                || isFirst(value.replaceAll("\\([^)]*\\)", " ")) || isFirst(value.replace("\"", ""))
                || isFirst(value.replaceAll("\\([^()]*\\)", " ").replace("\"", "").replace("\\", ""));
        if (ours) {
            assertThat(AuthenticationResults.isInNameOf(SERVICE, header)).as("in our name: %s", value).isTrue();
        }
    }

    private static boolean isFirst(String value) {
        String first = value.strip().split("[\\s;/]", 2)[0];
        return first.equalsIgnoreCase(SERVICE) || first.equalsIgnoreCase(SERVICE + ".");
    }

    private static Finding finding(String line) {
        String[] words = line.split("\\|", -1);
        Map<String, String> properties = new LinkedHashMap<>();
        for (int i = 2; i + 1 < words.length; i += 2) {
            properties.put(words[i], words[i + 1]);
        }
        return new Finding(words[0], words.length > 1 ? words[1] : "", properties);
    }

    private static boolean isKeyword(String word) {
        return word.matches("[A-Za-z0-9]([A-Za-z0-9-]{0,62}[A-Za-z0-9])?");
    }

    // what is nothing is not said; what others could not read is a question mark
    private static Finding told(Finding finding) {
        Map<String, String> properties = new LinkedHashMap<>();
        finding.properties().forEach((name, value) -> {
            boolean says = name.equals("reason")
                    ? !value.isBlank()
                    : !value.isEmpty() && name.matches("(smtp|header|body|policy|polrec|dns)\\.[a-z0-9-]+");
            if (says) {
                String start = value.substring(0, Math.min(400, value.length()));
                StringBuilder clean = new StringBuilder();
                start.chars().forEach(c -> clean.append(c < 0x20 || c > 0x7e ? '?' : (char) c));
                properties.put(name, clean.toString());
            }
        });
        return new Finding(finding.method().toLowerCase(Locale.ROOT), finding.result().toLowerCase(Locale.ROOT),
                Map.copyOf(properties));
    }
}
