package org.staffetta.filter.dkim;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings, but for the keys. A change holds from the next transaction on. */
@ObjectClassDefinition(name = "DKIM", description = "Verifies signatures (the filter dkim) and signs (the filter dkim-sign).")
@interface DkimConfig {

    @AttributeDefinition(name = "Most signatures", description = "That are verified of one message, from the top; those beyond are 'policy'; 1 to 50.", min = "1", max = "50")
    int verify_max() default 5;

    @AttributeDefinition(name = "Tolerance", description = "How far the clock of a signer may be off: for signatures that are not valid yet, or not any more.")
    String verify_tolerance() default "10m";

    @AttributeDefinition(name = "Signs for", description = "Whose messages are signed, if there is a key for the domain of their From: 'authenticated' clients, 'trusted' networks.")
    String[] sign_clients() default {"authenticated", "trusted"};

    @AttributeDefinition(name = "Signed fields", description = "The header fields that are signed, all of each name.")
    String[] sign_headers() default {"From", "Sender", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID",
            "In-Reply-To", "References", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
            "Content-Disposition", "Content-ID", "Content-Description", "Resent-Date", "Resent-From",
            "Resent-Sender", "Resent-To", "Resent-Cc", "Resent-Message-ID", "List-Id", "List-Help",
            "List-Unsubscribe", "List-Unsubscribe-Post", "List-Subscribe", "List-Post", "List-Owner",
            "List-Archive", "Autocrypt"};

    @AttributeDefinition(name = "Over-signed fields", description = "Of those, the ones of which it is signed as well that there is no other: nobody can add one on the way.")
    String[] sign_oversign() default {"From", "Sender", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID",
            "MIME-Version", "Content-Type", "Content-Transfer-Encoding"};

    @AttributeDefinition(name = "Lifetime of signatures", description = "How long they are valid; longer than a message may be on its way. 0s for no end.")
    String sign_lifetime() default "7d";
}
