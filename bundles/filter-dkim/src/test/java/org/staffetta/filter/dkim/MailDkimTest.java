package org.staffetta.filter.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.staffetta.api.filter.Finding;
import org.staffetta.domainkey.TableDns;

/** The corpus of Mail::DKIM. Where we differ, and why, is in {@code suites/exceptions.txt}; what is not there must be as the suite says. */
class MailDkimTest {

    private static final Suite SUITE = new Suite("dkim-mail-dkim");
    private static final Map<String, Suite.Deviation> EXCEPTIONS = Suite.exceptions(SUITE.name());
    private static final TableDns DNS = dns();

    /** One message. */
    record Case(String file, String expected) {

        @Override
        public String toString() {
            Suite.Deviation deviation = EXCEPTIONS.get(file);
            return file + ": " + expected + (deviation == null ? "" : ", but " + deviation.result());
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        SUITE.map("expected.json").forEach((file, row) -> cases
                .add(new Case(file.toString(), String.valueOf(((Map<?, ?>) row).get("result")))));
        assertThat(cases).hasSize(79);
        return cases;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void verifies(Case one) throws IOException {
        Verifier verifier = new Verifier(TestSettings.defaults(), DNS, () -> Instant.parse("2026-11-01T00:00:00Z"));

        List<String> results = verifier.verify(SUITE.message("corpus/" + one.file())).stream().map(Finding::result)
                .toList();

        Suite.Deviation deviation = EXCEPTIONS.get(one.file());
        if (deviation != null) {
            assertThat(String.join(" ", results)).isEqualTo(deviation.result());
        } else if (one.expected().equals("invalid")) {
            assertThat(results).isSubsetOf("permerror", "temperror", "policy", "neutral");
        } else {
            assertThat(results).contains(one.expected());
        }
    }

    @Test
    void every_exception_is_one_of_the_suite_and_needed() {
        Map<?, ?> rows = SUITE.map("expected.json");
        assertThat(EXCEPTIONS).isNotEmpty();
        EXCEPTIONS.forEach((file, deviation) -> {
            String expected = String.valueOf(((Map<?, ?>) rows.get(file)).get("result"));
            assertThat(deviation.reason()).as(file).contains("RFC ");
            assertThat(deviation.result()).as(file).isNotEqualTo(expected);
            assertThat(expected.equals("invalid") && !deviation.result().equals("none")).as(file).isFalse();
        });
    }

    // lines "name text"; NXDOMAIN is no such name, ~~text~~ no answer
    private static TableDns dns() {
        TableDns dns = new TableDns();
        for (String line : SUITE.text("FAKE_DNS.dat").replace("\r", "").split("\n", -1)) {
            int blank = line.indexOf(' ');
            String text = line.substring(blank + 1).strip();
            if (blank < 0 || line.startsWith("#") || text.equals("NXDOMAIN")) {
                continue;
            }
            String name = line.substring(0, blank);
            if (text.startsWith("~~")) {
                dns.fail(name);
            } else {
                dns.put(name, text.equals("\"\"") ? "" : text);
            }
        }
        return dns;
    }
}
