package org.staffetta.filter.arc;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings. A change holds from the next transaction on. */
@ObjectClassDefinition(name = "ARC", description = "Verifies the chains of those who pass mail on (the filter arc) and seals what this server passes on (the filter arc-seal).")
@interface ArcConfig {

    @AttributeDefinition(name = "Trusted sealers", description = "Domains of forwarders and mailing lists whose word about the origin of a message is believed, such as lists.example.org.")
    String[] trusted_sealers() default {};

    @AttributeDefinition(name = "Host name", description = "How this server calls itself.")
    String hostname() default "localhost";

    @AttributeDefinition(name = "Authentication service", description = "In whose name results are told in ARC-Authentication-Results, the authserv-id; if empty, the host name.")
    String authserv() default "";

    @AttributeDefinition(name = "Sealing domain", description = "In whose name messages are sealed; empty for no sealing.")
    String seal_domain() default "";

    @AttributeDefinition(name = "Sealing selector", description = "The public key is at <selector>._domainkey.<domain>.")
    String seal_selector() default "";

    @AttributeDefinition(name = "Sealing key", description = "The private key in PEM (PKCS #8), relative to the configuration; by default dkim/<domain>.<selector>.pem.")
    String seal_file() default "";

    @AttributeDefinition(name = "Sealed fields", description = "The header fields that are signed, all of each name.")
    String[] seal_headers() default {"From", "Sender", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID",
            "In-Reply-To", "References", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "List-Id",
            "List-Unsubscribe", "List-Unsubscribe-Post", "DKIM-Signature"};
}
