package org.staffetta.filter.dkim;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** One key to sign with. {@code dkim.key.<name>.domain = example.org} */
@ObjectClassDefinition(name = "DKIM key", description = "A private key, and the selector by which its public half is found in DNS.")
@interface KeyConfig {

    @AttributeDefinition(name = "Domain", description = "Mail from this domain is signed with the key.")
    String domain() default "";

    @AttributeDefinition(name = "Selector", description = "The public half is at <selector>._domainkey.<domain>.")
    String selector() default "";

    @AttributeDefinition(name = "File", description = "The private key in PEM (PKCS #8), relative to the configuration; by default dkim/<domain>.<selector>.pem.")
    String file() default "";

    @AttributeDefinition(name = "Use", description = "Whether to sign with it, or only to have it published: the next key before it is used, the last one after that.", options = {
            @Option(label = "sign", value = "sign"), @Option(label = "publish only", value = "publish")})
    String use() default "sign";

    @AttributeDefinition(name = "Subdomains", description = "Whether mail from the domains below is signed with it too, unless they have a key of their own.")
    boolean subdomains() default false;
}
