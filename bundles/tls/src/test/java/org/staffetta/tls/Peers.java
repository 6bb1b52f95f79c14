package org.staffetta.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.staffetta.api.tls.ServerTerms;
import org.staffetta.api.tls.TlsConnection;
import org.staffetta.api.tls.Transport;

/** A service with a port, and clients that come to it. */
final class Peers implements AutoCloseable {

    final List<String> alarms = new CopyOnWriteArrayList<>();
    final TlsService service;
    private final ServerSocket port = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());

    Peers(Path folder, Map<String, IdentityFiles> certificates, String... settings) throws IOException {
        service = new TlsService(TestConfig.settings(settings), certificates, folder, folder.resolve("tls"),
                InstantSource.system(), alarms::add);
    }

    /** A connected pair: the client's end. The server's is shaken hands with in the future. */
    record Pair(Socket client, Socket server, CompletableFuture<TlsConnection> accepted) {

        TlsConnection connection() throws IOException {
            try {
                return accepted.get(20, TimeUnit.SECONDS);
            } catch (ExecutionException failed) {
                throw failed.getCause() instanceof IOException io ? io : new IOException(failed.getCause());
            } catch (InterruptedException | TimeoutException failed) {
                throw new IOException(failed);
            }
        }
    }

    Pair connect() throws IOException {
        return connect(true);
    }

    Pair connect(boolean tickets) throws IOException {
        Socket client = new Socket(port.getInetAddress(), port.getLocalPort());
        client.setTcpNoDelay(true);
        client.setSoTimeout(20_000);
        Socket server = port.accept();
        server.setTcpNoDelay(true);
        CompletableFuture<TlsConnection> accepted = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                accepted.complete(service.accept(Transport.of(server), new ServerTerms(tickets)));
            } catch (IOException | RuntimeException | Error failed) {
                accepted.completeExceptionally(failed);
            }
        });
        return new Pair(client, server, accepted);
    }

    /** The certificate that a client gets who asks for this name; for none if it is empty. */
    X509Certificate shown(String sni) throws IOException {
        Pair pair = connect();
        try (Socket _ = pair.client()) {
            SSLSocket client = client(pair.client(), sni);
            client.startHandshake();
            pair.connection();
            return (X509Certificate) client.getSession().getPeerCertificates()[0];
        }
    }

    /** A client that believes anybody. */
    static SSLSocket client(Socket over, String sni, String... protocols) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[]{new Trust(new Rejecting(), false)}, new SecureRandom());
            SSLSocket client = (SSLSocket) context.getSocketFactory().createSocket(over, "", over.getPort(), false);
            SSLParameters parameters = client.getSSLParameters();
            if (!sni.isEmpty()) {
                parameters.setServerNames(List.of(new SNIHostName(sni)));
            }
            if (protocols.length > 0) {
                parameters.setProtocols(protocols);
            }
            client.setSSLParameters(parameters);
            return client;
        } catch (GeneralSecurityException impossible) {
            throw new IOException(impossible);
        }
    }

    @Override
    public void close() throws IOException {
        port.close();
    }
}
