package org.staffetta.filter.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.mail.Header;
import org.staffetta.smtp.authres.AuthenticationResults;

/**
 * The messages with Authentication-Results fields in the suite of lieser's DKIM Verifier. The suite says nothing of what is to be read in them: that is in
 * {@code authres-headers.txt}, by RFC 8601.
 */
class AuthresLieserHeadersTest {

    private static final Suite SUITE = new Suite("dkim-authres-lieser");
    private static final String US = "example.net";
    private static final String UNREADABLE = "unreadable";

    /** One message, and what its fields say, from the top. */
    record Case(String file, List<String> fields) {

        @Override
        public String toString() {
            return file;
        }
    }

    // a file's name at the beginning of a line, its fields indented below it
    static List<Case> cases() {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        String file = "";
        for (String line : SUITE.text("../authres-headers.txt").split("\n", -1)) {
            if (line.startsWith("  ")) {
                fields.get(file).add(line.strip());
            } else if (!line.isBlank() && !line.startsWith("#")) {
                file = line;
                fields.put(file, new ArrayList<>());
            }
        }
        assertThat(fields).hasSize(21);
        return fields.entrySet().stream().map(entry -> new Case(entry.getKey(), entry.getValue())).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void are_read(Case one) {
        List<Header> fields = SUITE.message("data/arh/" + one.file()).headers().stream()
                .filter(field -> field.is(AuthenticationResults.NAME)).toList();

        assertThat(fields).extracting(AuthresLieserHeadersTest::read).isEqualTo(one.fields());
        // what is in our name is taken out, also if nobody can read it
        assertThat(fields).filteredOn(field -> field.value().contains(";"))
                .allSatisfy(field -> assertThat(AuthenticationResults.isInNameOf(US, field))
                        .isEqualTo(field.value().strip().startsWith(US + ";")));
    }

    private static String read(Header field) {
        return AuthenticationResults.parse(field.value())
                .map(results -> results.service() + ": " + results.findings().stream()
                        .map(AuthresLieserHeadersTest::text).collect(Collectors.joining("; ")))
                .map(String::strip).orElse(UNREADABLE);
    }

    private static String text(Finding finding) {
        return finding.method() + "=" + finding.result() + new TreeMap<>(finding.properties());
    }
}
