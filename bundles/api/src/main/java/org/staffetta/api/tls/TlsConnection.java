package org.staffetta.api.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.osgi.annotation.versioning.ProviderType;

/** An encrypted connection. One thread may read while another writes. Whoever closes the socket below ends it without a word. */
@ProviderType
public interface TlsConnection {

    /** What the other side says. At its end there is nothing more, whatever may follow on the socket. */
    InputStream input();

    /** What is said to it. */
    OutputStream output();

    /** Tells the other side that nothing more will be said (the closure alert of RFC 8446 section 6.1); it may still be read. */
    void end() throws IOException;

    /** What was agreed. */
    TlsSession session();
}
