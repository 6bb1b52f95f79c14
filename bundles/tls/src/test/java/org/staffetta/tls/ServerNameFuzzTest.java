package org.staffetta.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SNIServerName;

/** The name that a client asks for is fit for a log and a table of names, or there is none. */
class ServerNameFuzzTest {

    @FuzzTest
    void a_name_that_is_asked_for_is_harmless(byte[] octets) {
        ServerName name = new ServerName();
        assertThat(name.matches(new SNIServerName(0, octets) {
        })).isTrue();
        name.asked().ifPresent(asked -> {
            assertThat(asked).matches("[\\x21-\\x7e]{1,255}").isEqualTo(asked.toLowerCase(Locale.ROOT))
                    .doesNotContain("..");
            ServerName again = new ServerName();
            again.matches(new SNIServerName(0, asked.getBytes(StandardCharsets.US_ASCII)) {
            });
            assertThat(again.asked()).contains(asked);
        });
    }
}
