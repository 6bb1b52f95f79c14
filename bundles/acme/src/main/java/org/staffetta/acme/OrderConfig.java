package org.staffetta.acme;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** One certificate to get and to renew, as an operator writes it. */
@ObjectClassDefinition(name = "ACME certificate", description = "A certificate that is got from the authority, and renewed.")
public @interface OrderConfig {

    @AttributeDefinition(name = "Domains", description = "The host names that it is for; the first is its own name.")
    String[] domains();

    @AttributeDefinition(name = "Challenge", description = "How the authority finds out that the domains are ours: by a request to port 80 or by a handshake on port 443.", options = {
            @Option(label = "http-01: port 80", value = "http-01"),
            @Option(label = "tls-alpn-01: port 443", value = "tls-alpn-01")})
    String challenge() default "http-01";

    @AttributeDefinition(name = "Kind of key", options = {@Option(label = "EC P-256", value = "ec256"),
            @Option(label = "EC P-384", value = "ec384"), @Option(label = "RSA 2048", value = "rsa2048"),
            @Option(label = "RSA 3072", value = "rsa3072"), @Option(label = "RSA 4096", value = "rsa4096")})
    String key() default "ec256";

    @AttributeDefinition(name = "Keep the key", description = "Whether a renewal is for the same key, so that TLSA records stay right.")
    boolean key_kept() default true;

    @AttributeDefinition(name = "Profile", required = false, description = "One of the authority's profiles, such as shortlived.")
    String profile() default "";
}
