package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {

    @ParameterizedTest
    @CsvSource({"10.0.0.0/8,10.255.0.1,true", "10.0.0.0/8,11.0.0.0,false", "192.0.2.128/25,192.0.2.127,false",
            "192.0.2.128/25,192.0.2.200,true",
            "192.0.2.1,192.0.2.1,true", "192.0.2.1,192.0.2.2,false", "0.0.0.0/0,1.2.3.4,true", "0.0.0.0/0,::1,false",
            "::1,::1,true",
            "::/0,10.0.0.1,false", "2001:db8::/33,2001:db8:7fff::1,true", "2001:db8::/33,2001:db8:8000::1,false",
            "127.0.0.0/8,::ffff:127.0.0.1,true"})
    void contain(String network, String address, boolean contained) {
        assertThat(Networks.parse(network).contain(InetAddress.ofLiteral(address))).isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0/8", "10", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "/8", "example.org", "::1/129",
            "10.0.0.0/8/8", "1.2.3.4 x"})
    void whatIsNone(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Networks.parse(text))
                .withMessageContaining("'" + text + "' is not a network");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void noneAtAll(String text) {
        assertThat(Networks.parse(text).contain(InetAddress.getLoopbackAddress())).isFalse();
    }
}
