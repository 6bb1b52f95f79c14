package org.staffetta.tls;

import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLSession;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;

/** The name that a client asks for (RFC 6066 section 3). This one takes every name and keeps it, for the log; for one handshake. */
final class ServerName extends SNIMatcher {

    private volatile Optional<String> asked = Optional.empty();

    ServerName() {
        super(StandardConstants.SNI_HOST_NAME);
    }

    /** That which the client asked for, in lower case; empty if it asked for none, or for something that is no name. */
    Optional<String> asked() {
        return asked;
    }

    @Override
    public boolean matches(SNIServerName name) {
        asked = text(name);
        return true;
    }

    /** The same, while the handshake goes on. */
    static Optional<String> asked(@Nullable SSLSession session) {
        return session instanceof ExtendedSSLSession extended
                ? extended.getRequestedServerNames().stream().flatMap(name -> text(name).stream()).findFirst()
                : Optional.empty();
    }

    private static Optional<String> text(SNIServerName name) {
        try {
            SNIHostName host = name instanceof SNIHostName own ? own : new SNIHostName(name.getEncoded());
            return Optional.of(host.getAsciiName().toLowerCase(Locale.ROOT))
                    .filter(text -> text.chars().allMatch(c -> c > ' ' && c < 0x7f));
        } catch (IllegalArgumentException noName) {
            return Optional.empty();
        }
    }
}
