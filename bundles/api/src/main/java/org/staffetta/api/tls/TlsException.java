package org.staffetta.api.tls;

import java.io.IOException;

/** There is no encrypted connection. The other side's wish, or ours; its message is one line for the log. */
public class TlsException extends IOException {

    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public TlsException(String message) {
        super(message);
    }

    /** As above, where something else was thrown. */
    public TlsException(String message, Throwable cause) {
        super(message, cause);
    }
}
