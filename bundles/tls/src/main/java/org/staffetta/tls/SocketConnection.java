package org.staffetta.tls;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import javax.net.ssl.SSLSocket;
import org.staffetta.api.tls.TlsConnection;
import org.staffetta.api.tls.TlsSession;

/** An encrypted connection by a provider's socket. */
final class SocketConnection implements TlsConnection {

    private final SSLSocket socket;
    private final TlsSession session;
    private final InputStream input;
    private final OutputStream output;

    SocketConnection(SSLSocket socket, InputStream below, TlsSession session) throws IOException {
        this.socket = socket;
        this.session = session;
        this.output = socket.getOutputStream();
        this.input = new FilterInputStream(socket.getInputStream()) {
            // the provider counts what it has decrypted; what waits below is speech as well, only not understood yet
            @Override
            public int available() throws IOException {
                return super.available() + below.available();
            }
        };
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public void end() throws IOException {
        try {
            socket.shutdownOutput();
        } catch (UnsupportedOperationException notByHalves) {
            // BCJSSE ends both directions or none
            socket.close();
        }
    }

    @Override
    public TlsSession session() {
        return session;
    }
}
