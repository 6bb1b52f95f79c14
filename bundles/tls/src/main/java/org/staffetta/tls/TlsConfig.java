package org.staffetta.tls;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The settings, as an operator writes them. Changes hold for later handshakes. */
@ObjectClassDefinition(name = "TLS", description = "Rules of encryption, for all listeners and for the way out.")
public @interface TlsConfig {

    @AttributeDefinition(name = "Provider", description = "Who does the work: the Java VM's own JSSE, or Bouncy Castle's BCJSSE.", options = {
            @Option(label = "JSSE", value = "jsse"), @Option(label = "BCJSSE", value = "bcjsse")})
    String provider() default "jsse";

    @AttributeDefinition(name = "Protocols", description = "The versions of TLS: TLSv1.3, TLSv1.2; no other.")
    String[] protocols() default {"TLSv1.3", "TLSv1.2"};

    @AttributeDefinition(name = "Cipher suites", description = "By their IANA names, best first.")
    String[] ciphers() default {"TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"};

    @AttributeDefinition(name = "Groups", description = "For the exchange of keys, best first. Those that the provider does not have are left out: X25519MLKEM768 is BCJSSE's. With BCJSSE secp256r1 must be among them, for keys of that kind.")
    String[] groups() default {"X25519MLKEM768", "x25519", "secp256r1", "secp384r1"};

    @AttributeDefinition(name = "Preferred certificate", required = false, description = "The name of the certificate for clients that ask for no name of ours; by default one for the host name, else the first.")
    String certificate() default "";

    @AttributeDefinition(name = "Host name", description = "The name of this server; a self-signed certificate is for it.")
    String hostname() default "localhost";

    @AttributeDefinition(name = "Trust", required = false, description = "A PEM file with the certificates of the authorities that servers are verified by; a relative path starts at the configuration folder. By default the Java VM's list.")
    String trust() default "";

    @AttributeDefinition(name = "Time for a handshake", description = "As 10s: when it is over the connection is closed.")
    String handshake_timeout() default "10s";

    @AttributeDefinition(name = "Handshakes at a time", description = "How many may compute at once; 0 for four for each processor. Those that wait for the other side do not count.", min = "0", max = "10000")
    int handshake_concurrency() default 0;

    @AttributeDefinition(name = "Warning before the end", description = "As 21d: how long before the end of a certificate to warn of it; of a short-lived one, in its last third.")
    String expiry_warning() default "21d";
}
