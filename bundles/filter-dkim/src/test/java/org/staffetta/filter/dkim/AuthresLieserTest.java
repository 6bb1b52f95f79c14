package org.staffetta.filter.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.staffetta.api.filter.Finding;
import org.staffetta.domainkey.TableDns;

/** The suite of lieser's DKIM Verifier. Its PERMFAIL is our fail, permerror or policy: its cases say which property must hold, not the word. */
class AuthresLieserTest {

    private static final Suite SUITE = new Suite("dkim-authres-lieser");
    private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

    /** One case; the suite lists signatures in an order of its own. */
    record Case(int number, Map<?, ?> row) {

        @Override
        public String toString() {
            return number + " " + row.get("test");
        }

        List<?> expected() {
            return (List<?>) row.get("expect");
        }

        TableDns dns() {
            TableDns dns = new TableDns();
            Map<?, ?> overrides = row.get("dns_override") instanceof Map<?, ?> given ? given : Map.of();
            SUITE.map("dns.json").forEach((name, text) -> {
                Object record = overrides.containsKey(name) ? overrides.get(name) : text;
                dns.put(name.toString(), record.toString());
            });
            return dns;
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Object row : SUITE.list("expected.json")) {
            cases.add(new Case(cases.size() + 1, (Map<?, ?>) row));
        }
        assertThat(cases).hasSize(35);
        return cases;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void verifies(Case one) throws IOException {
        Verifier verifier = new Verifier(TestSettings.defaults(), one.dns(), () -> NOW);

        List<Finding> findings = verifier.verify(SUITE.message("data/" + one.row().get("file")));

        if (one.row().get("signatures") instanceof Integer count) {
            assertThat(findings).hasSize(count);
        }
        for (Object expected : one.expected()) {
            assertThat(findings).anySatisfy(finding -> require((Map<?, ?>) expected, finding));
        }
        boolean allPass = one.expected().stream().allMatch(row -> "SUCCESS".equals(((Map<?, ?>) row).get("result")));
        assertThat(findings).allMatch(finding -> finding.result().equals("pass") == allPass);
    }

    private static void require(Map<?, ?> expected, Finding finding) {
        if ("SUCCESS".equals(expected.get("result"))) {
            assertThat(finding.result()).isEqualTo("pass");
        } else {
            assertThat(finding.result()).isIn("fail", "permerror", "policy");
            assertThat(finding.properties().get("reason")).matches(reason(String.valueOf(expected.get("errorType"))));
        }
        Map.of("sdid", "header.d", "auid", "header.i", "selector", "header.s").forEach((theirs, ours) -> {
            if (expected.containsKey(theirs)) {
                assertThat(finding.properties()).containsEntry(ours, String.valueOf(expected.get(theirs)));
            }
        });
    }

    private static String reason(String error) {
        return switch (error) {
            case "DKIM_SIGERROR_MISSING_V" -> "the signature has no v=";
            case "DKIM_SIGERROR_KEY_REVOKED" -> "the key was revoked";
            case "DKIM_SIGERROR_KEY_HASHNOTINCLUDED" -> "the key is not for signatures with SHA-256";
            case "DKIM_SIGERROR_KEY_MISMATCHED_K" -> "the key is of another type than the signature";
            case "DKIM_SIGERROR_KEY_NOTEMAILKEY" -> "the key is not for mail";
            case "DKIM_SIGERROR_DOMAIN_I" -> "the key is for the domain itself, not for those below it";
            case "DKIM_SIGERROR_CORRUPT_BH" -> "the body does not match";
            case "DKIM_SIGERROR_BADSIG" -> "the signature does not match";
            case "DKIM_POLICYERROR_UNSIGNED_HEADER_ADDED" ->
                "there is another (From|Subject|Date|To) that is not signed";
            default -> throw new IllegalArgumentException(error);
        };
    }
}
