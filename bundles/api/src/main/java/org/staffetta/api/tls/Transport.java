package org.staffetta.api.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/**
 * What carries the octets of TLS. The streams may be the owner's own, with deadlines for example: then these hold for what is encrypted as well.
 *
 * @param socket connected; only closed, never read or written
 * @param input what the other side sends, not buffered
 * @param output what it gets, not buffered
 */
public record Transport(Socket socket, InputStream input, OutputStream output) {

    /** A socket's own streams. */
    public static Transport of(Socket socket) throws IOException {
        return new Transport(socket, socket.getInputStream(), socket.getOutputStream());
    }
}
