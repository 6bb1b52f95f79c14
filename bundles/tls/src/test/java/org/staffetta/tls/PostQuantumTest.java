package org.staffetta.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.tls.ClientTerms;
import org.staffetta.api.tls.TlsConnection;
import org.staffetta.api.tls.Transport;

/** Handshakes with BoringSSL, which others wrote: Conscrypt. What they agree on is read from the wire. */
@Timeout(60)
class PostQuantumTest {

    private static final int X25519MLKEM768 = 0x11ec;
    private static final int X25519 = 0x001d;
    private static final String RETRY = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";

    @TempDir
    Path folder;

    @BeforeAll
    static void somebodyElseIsThere() {
        assumeTrue(isAvailable(), "the native library of Conscrypt does not load on this machine");
    }

    private static boolean isAvailable() {
        try {
            return Conscrypt.isAvailable();
        } catch (LinkageError noLibrary) {
            return false;
        }
    }

    @ParameterizedTest
    @CsvSource({"bcjsse,X25519MLKEM768,4588", "jsse,x25519,29"})
    void asAServerWeAgreeOnTheHybridGroupIfOurProviderHasIt(String provider, String group, int number)
            throws Exception {
        try (Peers peers = new Peers(folder, Map.of(), "provider=" + provider)) {
            Peers.Pair pair = peers.connect();
            Wire wire = new Wire(pair.client());
            SSLSocket client = (SSLSocket) boringSsl(new KeyManager[0]).getSocketFactory().createSocket(wire.socket(),
                    "mx.demo.test", pair.client().getPort(), true);
            client.startHandshake();
            client.getOutputStream().write("EHLO me\r\n".getBytes(US_ASCII));
            TlsConnection server = pair.connection();
            assertThat(new String(server.input().readNBytes(9), US_ASCII)).isEqualTo("EHLO me\r\n");
            assertThat(wire.read()).containsExactly(number);
            assertThat(server.session().group()).contains(group);
            assertThat(client.getSession().getProtocol()).isEqualTo("TLSv1.3");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsse", "bcjsse"})
    void aClientHelloThatIsTooLongForOneSegmentComesInPieces(String provider) throws Exception {
        try (Peers peers = new Peers(folder, Map.of(), "provider=" + provider)) {
            Peers.Pair pair = peers.connect();
            OutputStream whole = pair.client().getOutputStream();
            OutputStream pieces = new FilterOutputStream(whole) {
                @Override
                public void write(byte[] octets, int offset, int length) throws IOException {
                    for (int i = 0; i < length; i += 100) {
                        out.write(octets, offset + i, Math.min(100, length - i));
                        out.flush();
                    }
                }
            };
            Socket drip = new StreamSocket(pair.client(), pair.client().getInputStream(), pieces);
            SSLSocket client = (SSLSocket) boringSsl(new KeyManager[0]).getSocketFactory().createSocket(drip,
                    "mx.demo.test", pair.client().getPort(), true);
            client.startHandshake();
            assertThat(pair.connection().session().protocol()).isEqualTo("TLSv1.3");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "groups=X25519MLKEM768,secp256r1"})
    void asAClientWeOfferTheHybridKeyAtOnce(String groups) throws Exception {
        Wire wire = callsBoringSsl("provider=bcjsse", groups, "X25519MLKEM768");
        assertThat(wire.written()).containsExactly(X25519MLKEM768);
    }

    @Test
    void jsseOffersWhatItHas() throws Exception {
        Wire wire = callsBoringSsl("provider=jsse", "", "x25519");
        assertThat(wire.written()).containsExactly(X25519);
    }

    @Test
    void aServerWithoutTheHybridGroupNeedNotAskForAnotherKey() throws Exception {
        try (Peers server = new Peers(folder, Map.of(), "provider=jsse");
                Peers client = new Peers(folder, Map.of(), "provider=bcjsse")) {
            Peers.Pair pair = server.connect();
            Wire wire = new Wire(pair.client());
            TlsConnection connection = client.service.connect(Transport.of(wire.socket()),
                    new ClientTerms("mx.demo.test", false));
            pair.connection();
            assertThat(wire.read()).containsExactly(X25519);
            assertThat(connection.session().group()).contains("x25519");
        }
    }

    private Wire callsBoringSsl(String provider, String groups, String agreed) throws Exception {
        String[] settings = groups.isEmpty() ? new String[]{provider} : new String[]{provider, groups};
        KeyManager[] keys = keys();
        try (Peers peers = new Peers(folder, Map.of(), settings);
                ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Socket client = new Socket(port.getInetAddress(), port.getLocalPort());
            Socket accepted = port.accept();
            Wire wire = new Wire(accepted);
            CompletableFuture<String> heard = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> serve(wire, keys, heard));
            TlsConnection connection = peers.service.connect(Transport.of(client),
                    new ClientTerms("mx.demo.test", false));
            connection.output().write("EHLO me\r\n".getBytes(US_ASCII));
            assertThat(heard.get(20, TimeUnit.SECONDS)).isEqualTo("EHLO me\r\n");
            assertThat(connection.session().group()).contains(agreed);
            client.close();
            return wire;
        }
    }

    private static void serve(Wire wire, KeyManager[] keys, CompletableFuture<String> heard) {
        try {
            SSLSocket server = (SSLSocket) boringSsl(keys).getSocketFactory().createSocket(wire.socket(), "", 0, true);
            server.setUseClientMode(false);
            server.startHandshake();
            heard.complete(new String(server.getInputStream().readNBytes(9), US_ASCII));
        } catch (IOException | GeneralSecurityException | RuntimeException failed) {
            heard.completeExceptionally(failed);
        }
    }

    private static SSLContext boringSsl(KeyManager[] keys) throws GeneralSecurityException {
        Provider provider = Conscrypt.newProviderBuilder().build();
        SSLContext context = SSLContext.getInstance("TLS", provider);
        context.init(keys, new TrustManager[]{new Trust(new Rejecting(), false)}, new SecureRandom());
        return context;
    }

    private KeyManager[] keys() throws Exception {
        Identity identity = new SelfSigned(folder.resolve("other"), new SecureRandom()).identity("mx.demo.test",
                Instant.now());
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("one", identity.key(), new char[0], identity.chain().toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    /** A socket that keeps what passes, and finds in it by which group the server wants to exchange keys. */
    private static final class Wire {

        private final Socket below;
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();

        Wire(Socket below) {
            this.below = below;
        }

        Socket socket() throws IOException {
            InputStream input = new FilterInputStream(below.getInputStream()) {
                @Override
                public int read(byte[] octets, int offset, int length) throws IOException {
                    int count = in.read(octets, offset, length);
                    read.write(octets, offset, Math.max(0, count));
                    return count;
                }
            };
            OutputStream output = new FilterOutputStream(below.getOutputStream()) {
                @Override
                public void write(byte[] octets, int offset, int length) throws IOException {
                    written.write(octets, offset, length);
                    out.write(octets, offset, length);
                }
            };
            return new StreamSocket(below, input, output);
        }

        List<Integer> read() {
            return keyShares(read.toByteArray());
        }

        List<Integer> written() {
            return keyShares(written.toByteArray());
        }

        // one for each ServerHello, those that ask the client to try again included, those negative
        private static List<Integer> keyShares(byte[] octets) {
            List<Integer> shares = new ArrayList<>();
            ByteBuffer records = ByteBuffer.wrap(octets);
            while (records.remaining() > 5) {
                int type = records.get();
                int length = records.getShort(records.position() + 2);
                byte[] content = new byte[length];
                records.position(records.position() + 4).get(content);
                if (type == 22 && content[0] == 2) {
                    shares.add(keyShare(ByteBuffer.wrap(content)));
                }
            }
            return shares;
        }

        private static int keyShare(ByteBuffer hello) {
            byte[] random = new byte[32];
            hello.position(6).get(random);
            int sign = HexFormat.of().formatHex(random).equals(RETRY) ? -1 : 1;
            hello.position(hello.position() + 1 + hello.get(hello.position()) + 5);
            while (hello.hasRemaining()) {
                int type = hello.getShort();
                int length = hello.getShort();
                if (type == 51) {
                    return sign * hello.getShort();
                }
                hello.position(hello.position() + length);
            }
            return 0;
        }
    }
}
