package org.staffetta.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.testkit.Credulous;
import org.staffetta.testkit.PebbleServer;

class TlsResponderTest {

    private static final byte[] DIGEST = new byte[32];

    private InetSocketAddress place;
    private TlsResponder responder;

    @BeforeEach
    void open() throws IOException {
        Arrays.fill(DIGEST, (byte) 7);
        place = new InetSocketAddress(InetAddress.getLoopbackAddress(), PebbleServer.freePort());
        responder = new TlsResponder(place, "mx.test", DIGEST, new SecureRandom());
    }

    @AfterEach
    void close() {
        responder.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void who_asks_for_the_domain_gets_the_proof_and_then_the_end(String version) throws IOException {
        try (SSLSocket client = client("MX.test", version, "acme-tls/1")) {
            client.startHandshake();
            assertThat(client.getApplicationProtocol()).isEqualTo("acme-tls/1");
            X509Certificate proof = (X509Certificate) client.getSession().getPeerCertificates()[0];
            assertThat(Shelf.names(proof)).containsExactly("mx.test");
            assertThat(proof.getCriticalExtensionOIDs()).contains("1.3.6.1.5.5.7.1.31");
            // an OCTET STRING of 34 octets, which is an OCTET STRING of the digest
            byte[] extension = proof.getExtensionValue("1.3.6.1.5.5.7.1.31");
            assertThat(extension).startsWith(4, 34, 4, 32).endsWith(DIGEST);
            assertThat(client.getInputStream().read()).isNegative();
        }
        await().untilAsserted(() -> assertThat(responder.report()).contains("got the answer"));
    }

    @ParameterizedTest
    @CsvSource({"mx.test,TLSv1.3,http/1.1", "mx.test,TLSv1.3,''", "mx.test,TLSv1.2,''", "other.test,TLSv1.3,acme-tls/1",
            "other.test,TLSv1.2,acme-tls/1", "'',TLSv1.3,acme-tls/1"})
    void nobody_else_gets_it(String name, String version, String protocol) throws IOException {
        try (SSLSocket client = client(name, version, protocol)) {
            assertThatThrownBy(client::startHandshake).isInstanceOf(IOException.class);
        }
        assertThat(responder.report()).contains("not for this");
    }

    private SSLSocket client(String name, String version, String protocol) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[]{new Credulous()}, new SecureRandom());
            Socket below = new Socket(place.getAddress(), place.getPort());
            below.setSoTimeout(20_000);
            SSLSocket client = (SSLSocket) context.getSocketFactory().createSocket(below, "", place.getPort(), true);
            SSLParameters parameters = client.getSSLParameters();
            parameters.setProtocols(new String[]{version});
            parameters.setApplicationProtocols(protocol.isEmpty() ? new String[0] : new String[]{protocol});
            if (!name.isEmpty()) {
                parameters.setServerNames(List.of(new SNIHostName(name)));
            }
            client.setSSLParameters(parameters);
            return client;
        } catch (GeneralSecurityException impossible) {
            throw new IOException(impossible);
        }
    }
}
