package org.staffetta.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.staffetta.api.tls.Tls;

/** TLS for tests. */
public final class TestTls {

    private TestTls() {}

    /**
     * With a certificate of its own, which is kept in {@code tls/self-signed.pem} of the folder.
     *
     * @param settings as in {@code "hostname=mx.demo.test"}
     */
    public static Tls in(Path folder, String... settings) throws IOException {
        return new TlsService(TestConfig.settings(settings), Map.of(), folder, folder.resolve("tls"),
                InstantSource.system(), alarm -> {});
    }

    /** A client that has shaken hands over this socket, and believes anybody. */
    public static SSLSocket client(Socket over) throws IOException {
        SSLSocket client = Peers.client(over, "mx.demo.test");
        client.startHandshake();
        return client;
    }
}
