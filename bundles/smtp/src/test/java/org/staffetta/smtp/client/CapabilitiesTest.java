package org.staffetta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.mail.Reply;

class CapabilitiesTest {

    @Test
    void what_ehlo_lists_is_known() {
        Capabilities offered = of("mx.test SIZE 1", "size 1000", "PIPELINING", "8bitmime", "SMTPUTF8", "CHUNKING",
                "DSN", "AUTH PLAIN  LOGIN", "LIMITS RCPTMAX=20 MAILMAX=5 RCPTDOMAINMAX=1", "", "X");

        assertThat(offered.pipelining() && offered.eightBitMime() && offered.smtpUtf8() && offered.chunking()
                && offered.dsn() && offered.size()).isTrue();
        assertThat(offered.maxSize()).hasValue(1000);
        assertThat(offered.maxRecipients()).hasValue(20);
        assertThat(offered.maxTransactions()).hasValue(5);
        assertThat(offered.maxRecipientDomains()).hasValue(1);
        assertThat(offered.keywords()).containsEntry("AUTH", "PLAIN  LOGIN").containsEntry("X", "")
                .doesNotContainKey("MX.TEST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIZE", "SIZE 0", "SIZE x", "SIZE -1", "SIZE 99999999999999999999", "LIMITS",
            "LIMITS RCPTMAX", "LIMITS RCPTMAX=", "LIMITS RCPTMAX=0", "LIMITS RCPTMAX=x", "LIMITS XRCPTMAX=1"})
    void a_limit_that_is_no_number_limits_nothing(String line) {
        Capabilities offered = of("mx.test", line);

        assertThat(offered.maxSize()).isEmpty();
        assertThat(offered.maxRecipients()).isEmpty();
    }

    @Test
    void a_limit_too_big_to_count_is_as_big_as_we_can_count() {
        assertThat(of("mx.test", "LIMITS RCPTMAX=999999999999").maxRecipients()).hasValue(Integer.MAX_VALUE);
    }

    private static Capabilities of(String... lines) {
        return Capabilities.of(new Reply(250, "", String.join("\n", lines)));
    }
}
