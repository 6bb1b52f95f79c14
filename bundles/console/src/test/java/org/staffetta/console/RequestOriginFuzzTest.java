package org.staffetta.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** No page but our own changes anything, however its address is written. */
class RequestOriginFuzzTest {

    private static final String HOST = "127.0.0.1:8480";

    @FuzzTest
    void only_our_own_origin_changes_something(byte[] octets) {
        String url = new String(octets, StandardCharsets.UTF_8);
        boolean foreign = new RequestOrigin("POST", HOST, null, null, url, null).isForeign();
        assertThat(new RequestOrigin("POST", HOST, null, null, null, url).isForeign()).isEqualTo(foreign);
        if (!foreign) {
            assertThat(url).matches("([A-Za-z][A-Za-z0-9+.-]*:)?//127\\.0\\.0\\.1:8480([/?#].*)?");
        }
        assertThat(new RequestOrigin("POST", HOST, "cross-site", "navigate", url, null).isForeign()).isTrue();
        assertThat(new RequestOrigin("POST", url, null, null, "https://evil.example", null).isForeign())
                .isEqualTo(!url.equalsIgnoreCase("evil.example") && !url.equalsIgnoreCase("evil.example:443"));
    }
}
