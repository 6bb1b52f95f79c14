package org.staffetta.acme;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The authority, and how it reaches us, as an operator writes it. */
@ObjectClassDefinition(name = "ACME", description = "Where certificates come from, and how the authority finds out that the domains are ours.")
public @interface AcmeConfig {

    @AttributeDefinition(name = "Directory", description = "The URL of the authority's directory; by default Let's Encrypt's.")
    String directory() default "https://acme-v02.api.letsencrypt.org/directory";

    @AttributeDefinition(name = "Contact", required = false, description = "Mail addresses at which the authority may tell of trouble.")
    String[] contact() default {};

    @AttributeDefinition(name = "Terms of service", description = "Whether you accept the authority's terms. Without that nothing is asked of it.", options = {
            @Option(label = "not accepted", value = "no"), @Option(label = "accepted", value = "accepted")})
    String terms() default "no";

    @AttributeDefinition(name = "External account: key identifier", required = false, description = "Where the authority wants the account to be bound to one that you have with it.")
    String eab_kid() default "";

    @AttributeDefinition(name = "External account: HMAC key", required = false, description = "As the authority gave it, in base64url. Better kept in a file: ${secret:<file>}.", type = AttributeType.PASSWORD)
    String eab_hmac() default "";

    @AttributeDefinition(name = "Trust", required = false, description = "A PEM file with the certificates by which the directory's own is verified; a relative path starts at the configuration folder. By default the Java VM's list.")
    String trust() default "";

    @AttributeDefinition(name = "HTTP: address", required = false, description = "To listen on for http-01 while a challenge is open; by default all.")
    String http_address() default "";

    @AttributeDefinition(name = "HTTP: port", description = "To which requests for port 80 of the domains must come.", min = "1", max = "65535")
    int http_port() default 80;

    @AttributeDefinition(name = "TLS: address", required = false, description = "To listen on for tls-alpn-01 while a challenge is open; by default all.")
    String tls_address() default "";

    @AttributeDefinition(name = "TLS: port", description = "To which connections for port 443 of the domains must come.", min = "1", max = "65535")
    int tls_port() default 443;

    @AttributeDefinition(name = "Time for an order", description = "As 5m: what is not done then has failed.")
    String timeout() default "5m";

    @AttributeDefinition(name = "First pause", description = "As 10m: after a failure; it doubles with each further one.")
    String retry_first() default "10m";

    @AttributeDefinition(name = "Longest pause", description = "As 1d: the pause doubles up to this.")
    String retry_max() default "1d";
}
