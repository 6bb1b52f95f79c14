package org.staffetta.filter.arc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The validation part of Valimail's suite, whole. */
class ValidationSuiteTest {

    static List<Suite.Case> cases() {
        List<Suite.Case> cases = Suite.cases("arc-draft-validation-tests.yml");
        assertThat(cases).hasSize(114);
        return cases;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void validates(Suite.Case one) throws IOException {
        ChainResult result = new Validator(one.dns()).validate(one.message());

        String expected = one.text("cv");
        if (expected.isEmpty()) {
            // the suite has no word for a chain that somebody before gave up; RFC 8617 section 5.2 step 2 has: fail
            assertThat(result.status().word()).isEqualTo("fail");
            assertThat(result.reason()).startsWith("the chain was broken before");
        } else {
            assertThat(result.status().word()).as(result.reason()).isEqualToIgnoringCase(expected);
        }
    }
}
