package org.staffetta.api.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Whatever becomes an address can stand in an envelope, and is the same after it was written and read. */
class AddressFuzzTest {

    @FuzzTest
    void what_is_printed_is_read_as_the_same_address(byte[] octets) {
        String text = new String(octets, StandardCharsets.UTF_8);
        Address address;
        try {
            address = Address.parse(text);
        } catch (IllegalArgumentException refused) {
            requireOneLine(String.valueOf(refused.getMessage()));
            return;
        }
        String printed = address.toString();
        requireOneLine(printed);
        assertThat(Address.parse(printed)).isEqualTo(address);
        assertThat(address.localPart().getBytes(StandardCharsets.UTF_8).length).isBetween(1, 64);
        assertThat(address.domain().getBytes(StandardCharsets.UTF_8).length).isBetween(1, 255);
        assertThat(new Address(address.localPart(), address.domain())).isEqualTo(address);
    }

    // what a reply, a log and the wire have in common
    private static void requireOneLine(String text) {
        assertThat(text.codePoints().noneMatch(c -> c < 0x20 || c >= 0x7f && c < 0xa0 || c == 0x2028 || c == 0x2029))
                .as("no character of %s that could end a line", text).isTrue();
        assertThat(new Reply(250, "2.1.0", text).text()).isEqualTo(text);
    }
}
