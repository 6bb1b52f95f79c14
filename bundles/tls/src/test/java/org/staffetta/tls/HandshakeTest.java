package org.staffetta.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.tls.ClientTerms;
import org.staffetta.api.tls.HandshakeCount;
import org.staffetta.api.tls.HandshakeCount.Direction;
import org.staffetta.api.tls.TlsConnection;
import org.staffetta.api.tls.TlsException;
import org.staffetta.api.tls.Transport;

class HandshakeTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"jsse,TLSv1.3", "jsse,TLSv1.2", "bcjsse,TLSv1.3", "bcjsse,TLSv1.2"})
    void octetsPassInBothDirections(String provider, String protocol) throws Exception {
        try (Peers peers = new Peers(folder, Map.of(), "provider=" + provider)) {
            Peers.Pair pair = peers.connect();
            SSLSocket client = Peers.client(pair.client(), "mx.demo.test", protocol);
            client.getOutputStream().write("EHLO me\r\n".getBytes(US_ASCII));
            TlsConnection server = pair.connection();
            assertThat(server.session().protocol()).isEqualTo(protocol);
            assertThat(server.session().cipher()).startsWith("TLS_").contains("_AES_");
            assertThat(server.session().group()).contains("x25519");
            assertThat(server.session().serverName()).contains("mx.demo.test");
            assertThat(new String(server.input().readNBytes(9), US_ASCII)).isEqualTo("EHLO me\r\n");
            server.output().write("250 hi\r\n".getBytes(US_ASCII));
            assertThat(new String(client.getInputStream().readNBytes(8), US_ASCII)).isEqualTo("250 hi\r\n");
            server.end();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void whatWaitsToBeDecryptedCounts() throws Exception {
        try (Peers peers = new Peers(folder, Map.of())) {
            Peers.Pair pair = peers.connect();
            SSLSocket client = Peers.client(pair.client(), "");
            client.startHandshake();
            TlsConnection server = pair.connection();
            assertThat(server.input().available()).isZero();
            client.getOutputStream().write(new byte[100]);
            await().until(() -> server.input().available() > 0);
        }
    }

    @Test
    void afterTheClosureAlertNothingIsReadWhateverComes() throws Exception {
        try (Peers peers = new Peers(folder, Map.of())) {
            Peers.Pair pair = peers.connect();
            SSLSocket client = Peers.client(pair.client(), "");
            client.startHandshake();
            TlsConnection server = pair.connection();
            client.shutdownOutput();
            pair.client().getOutputStream().write('\n');
            assertThat(server.input().read()).isEqualTo(-1);
            assertThat(server.input().read()).isEqualTo(-1);
        }
    }

    @Test
    void aClientThatSaysNothingIsCutOff() throws Exception {
        try (Peers peers = new Peers(folder, Map.of(), "handshake.timeout=200ms")) {
            Peers.Pair pair = peers.connect();
            assertThatThrownBy(pair::connection).isInstanceOf(TlsException.class)
                    .hasMessage("no handshake within 200 ms");
            assertThat(pair.client().getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void clientsThatStallHoldUpNobody() throws Exception {
        try (Peers peers = new Peers(folder, Map.of(), "handshake.concurrency=1")) {
            List<Socket> stalled = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                Socket client = peers.connect().client();
                // the head of a record, and no more
                client.getOutputStream().write(new byte[]{22, 3, 1});
                stalled.add(client);
            }
            Instant begin = Instant.now();
            assertThat(peers.shown("").getSubjectX500Principal().getName()).isEqualTo("CN=localhost");
            assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(5));
            for (Socket client : stalled) {
                client.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EHLO me\r\n", "GET / HTTP/1.1\r\n\r\n", "\0\0\0\0\0\0\0\0"})
    void whatIsNoHandshakeIsToldInOneLine(String octets) throws Exception {
        try (Peers peers = new Peers(folder, Map.of())) {
            Peers.Pair pair = peers.connect();
            pair.client().getOutputStream().write(octets.getBytes(US_ASCII));
            pair.client().shutdownOutput();
            assertThatThrownBy(pair::connection).isInstanceOf(TlsException.class).message().doesNotContain("\n")
                    .isNotBlank();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls-exporter", "tls-server-end-point"})
    void bothEndsKnowWhatBindsAnAuthentication(String type) throws Exception {
        try (Peers peers = new Peers(folder, Map.of())) {
            Peers.Pair pair = peers.connect();
            SSLSocket client = Peers.client(pair.client(), "");
            client.startHandshake();
            byte[] expected = type.equals("tls-exporter")
                    ? ((ExtendedSSLSession) client.getSession()).exportKeyingMaterialData("EXPORTER-Channel-Binding",
                            new byte[0], 32)
                    : MessageDigest.getInstance("SHA-256")
                            .digest(client.getSession().getPeerCertificates()[0].getEncoded());
            assertThat(pair.connection().session().channelBinding(type)).contains(expected);
        }
    }

    @Test
    void theExporterIsNotYieldedBeforeTls13() throws Exception {
        try (Peers peers = new Peers(folder, Map.of())) {
            Peers.Pair pair = peers.connect();
            Peers.client(pair.client(), "", "TLSv1.2").startHandshake();
            assertThat(pair.connection().session().channelBinding("tls-exporter")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsse", "bcjsse"})
    void aClientOfOursVerifiesNameAndAuthorityIfItMust(String provider) throws Exception {
        Path own = folder.resolve("tls/self-signed.pem");
        new SelfSigned(folder.resolve("tls"), new SecureRandom()).identity("mx.demo.test", Instant.now());
        try (Peers peers = new Peers(folder, Map.of(), "hostname=mx.demo.test", "trust=" + own,
                "provider=" + provider)) {
            assertThat(called(peers, new ClientTerms("mx.demo.test", true)).session().verified()).isTrue();
            assertThat(called(peers, new ClientTerms("mx.demo.test", false)).session().verified()).isTrue();
            assertThatThrownBy(() -> called(peers, new ClientTerms("mx.other.test", true)))
                    .isInstanceOf(TlsException.class);
            assertThat(called(peers, new ClientTerms("mx.other.test", false)).session().verified()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsse", "bcjsse"})
    void aClientOfOursTrustsNobodyUnknown(String provider) throws Exception {
        try (Peers peers = new Peers(folder, Map.of(), "hostname=mx.demo.test", "provider=" + provider)) {
            assertThatThrownBy(() -> called(peers, new ClientTerms("mx.demo.test", true)))
                    .isInstanceOf(TlsException.class);
            assertThat(called(peers, new ClientTerms("mx.demo.test", false)).session().verified()).isFalse();
        }
    }

    // of JSSE's there is a property of the Java VM, which bin/staffetta sets: see TlsIT
    @Test
    void withBouncyCastleNobodyNegotiatesAnew() throws Exception {
        try (Peers peers = new Peers(folder, Map.of(), "provider=bcjsse")) {
            Peers.Pair pair = peers.connect();
            SSLSocket client = Peers.client(pair.client(), "", "TLSv1.2");
            client.startHandshake();
            TlsConnection server = pair.connection();
            CompletableFuture<Integer> heard = CompletableFuture.supplyAsync(() -> read(server));
            client.startHandshake();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SSLException.class);
            assertThat(heard).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(-1);
        }
    }

    private static int read(TlsConnection connection) {
        try {
            return connection.input().read();
        } catch (IOException gone) {
            return -1;
        }
    }

    @Test
    void ourOwnCertificateIsForItsOwnerOnly() throws Exception {
        try (Peers peers = new Peers(folder, Map.of())) {
            assertThat(peers.service.certificates()).singleElement()
                    .satisfies(one -> assertThat(one.names()).containsExactly("localhost"));
            assertThat(Files.getPosixFilePermissions(folder.resolve("tls/self-signed.pem")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    // the service is asked to shake hands with itself
    private static TlsConnection called(Peers peers, ClientTerms terms) throws Exception {
        Peers.Pair pair = peers.connect();
        CompletableFuture<TlsConnection> accepted = pair.accepted();
        TlsConnection connection = peers.service.connect(Transport.of(pair.client()), terms);
        assertThat(accepted).succeedsWithin(Duration.ofSeconds(20));
        return connection;
    }

    @Test
    void aProviderThatIsNamedIsUsedByClientsAsWell() throws Exception {
        try (Peers peers = new Peers(folder, Map.of(), "provider=bcjsse")) {
            assertThat(called(peers, new ClientTerms("mx.demo.test", false)).session().group())
                    .contains("X25519MLKEM768");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsse", "bcjsse"})
    void aGroupThatTheServerHadToAskForIsTold(String provider) throws Exception {
        try (Peers peers = new Peers(folder, Map.of(), "groups=secp384r1,secp256r1", "provider=" + provider)) {
            Peers.Pair pair = peers.connect();
            SSLSocket client = Peers.client(pair.client(), "");
            SSLParameters parameters = client.getSSLParameters();
            parameters.setNamedGroups(new String[]{"x25519", "secp384r1"});
            client.setSSLParameters(parameters);
            client.startHandshake();
            assertThat(pair.connection().session().group()).contains("secp384r1");
        }
    }

    @Test
    void whatWasAgreedOnIsCounted() throws Exception {
        try (Peers peers = new Peers(folder, Map.of())) {
            called(peers, new ClientTerms("mx.demo.test", false));
            called(peers, new ClientTerms("mx.demo.test", false));
            Peers.Pair old = peers.connect();
            Peers.client(old.client(), "", "TLSv1.2").startHandshake();
            old.connection();
            assertThat(peers.service.handshakes()).containsExactly(
                    new HandshakeCount(Direction.IN, "TLSv1.3", "TLS_AES_256_GCM_SHA384", "x25519", "", 2),
                    new HandshakeCount(Direction.IN, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "x25519",
                            "", 1),
                    new HandshakeCount(Direction.OUT, "TLSv1.3", "TLS_AES_256_GCM_SHA384", "x25519", "", 2));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsse", "bcjsse"})
    void theKindsOfFailureAreCounted(String provider) throws Exception {
        Peers server = new Peers(folder, Map.of(), "provider=" + provider, "protocols=TLSv1.3",
                "ciphers=TLS_AES_256_GCM_SHA384", "groups=secp256r1", "handshake.timeout=500ms");
        try (server) {
            assertThat(failed(server, "protocols=TLSv1.2", false)).isEqualTo("version");
            assertThat(failed(server, "ciphers=TLS_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", false))
                    .isEqualTo("parameters");
            assertThat(failed(server, "groups=x25519,x448", false)).isEqualTo("parameters");
            assertThat(failed(server, "trust=", true)).isEqualTo("certificate");
            Socket gone = server.connect().client();
            gone.close();
            await().until(() -> counted(server, "closed") == 1);
            try (Socket _ = server.connect().client()) {
                await().until(() -> counted(server, "timeout") == 1);
            }
        }
    }

    @Test
    void soIsWhatIsNoTls() throws Exception {
        try (Peers peers = new Peers(folder, Map.of()); Socket client = peers.connect().client()) {
            client.getOutputStream().write("EHLO me\r\n".getBytes(US_ASCII));
            await().until(() -> counted(peers, "not-tls") == 1);
        }
    }

    // how a server of ours fails with a client that has other settings
    private String failed(Peers server, String setting, boolean verified) throws Exception {
        try (Peers other = new Peers(folder, Map.of(), setting)) {
            List<String> before = failures(server);
            Peers.Pair pair = server.connect();
            assertThatThrownBy(
                    () -> other.service.connect(Transport.of(pair.client()), new ClientTerms("mx.test", verified)))
                    .isInstanceOf(TlsException.class);
            await().until(() -> failures(server).size() > before.size());
            List<String> now = new ArrayList<>(failures(server));
            before.forEach(now::remove);
            assertThat(failures(other)).as("out").hasSize(1);
            return now.getFirst();
        }
    }

    private static long counted(Peers peers, String failure) {
        return failures(peers).stream().filter(failure::equals).count();
    }

    private static List<String> failures(Peers peers) {
        return peers.service.handshakes().stream()
                .flatMap(one -> Collections.nCopies(one.failure().isEmpty() ? 0 : (int) one.count(), one.failure())
                        .stream())
                .toList();
    }
}
