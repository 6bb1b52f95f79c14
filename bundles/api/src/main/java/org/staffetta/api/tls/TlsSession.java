package org.staffetta.api.tls;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** What both sides of an encrypted connection have agreed on. Immutable. */
@ProviderType
public interface TlsSession {

    /** The version: {@code TLSv1.3} or {@code TLSv1.2}. */
    String protocol();

    /** The cipher suite, as IANA names it: {@code TLS_AES_256_GCM_SHA384}. */
    String cipher();

    /** The group of the key exchange, by its IANA name as in {@code x25519}, if it is known. */
    Optional<String> group();

    /** The name that the client asked for (SNI), in lower case; printable ASCII. */
    Optional<String> serverName();

    /** Whether the other side has proved its name by a certificate of somebody trusted. */
    boolean verified();

    /**
     * What binds an authentication to this connection (RFC 5056).
     *
     * @param type {@code tls-exporter} (RFC 9266) or {@code tls-server-end-point} (RFC 5929)
     * @return empty if the provider does not yield it
     */
    Optional<byte[]> channelBinding(String type);
}
