package org.staffetta.tls;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** One certificate, as an operator names it. */
@ObjectClassDefinition(name = "Certificate", description = "A certificate with its key, from files that are looked at all the time.")
public @interface CertificateConfig {

    @AttributeDefinition(name = "File", description = "PEM with the certificate and its chain, or PKCS#12; a relative path starts at the configuration folder.")
    String file();

    @AttributeDefinition(name = "Key", required = false, description = "PEM with the private key; by default it is in the first file.")
    String key() default "";

    @AttributeDefinition(name = "Password", required = false, description = "Of the private key or of the PKCS#12 file, if it has one. Better kept in a file: ${secret:<file>}.", type = AttributeType.PASSWORD)
    String password() default "";
}
