package org.staffetta.filter.arc;

import java.util.List;
import org.staffetta.api.mail.Header;
import org.staffetta.domainkey.SignatureField;
import org.staffetta.domainkey.UnverifiedException;

/**
 * What one who passed the message on has added (RFC 8617 section 4.2).
 *
 * @param instance from 1, the first in the chain
 * @param results ARC-Authentication-Results
 * @param signature ARC-Message-Signature
 * @param seal ARC-Seal
 */
record ArcSet(int instance, Header results, ArcField signature, ArcField seal) {

    static final String RESULTS = "ARC-Authentication-Results";
    static final String SIGNATURE = "ARC-Message-Signature";
    static final String SEAL = "ARC-Seal";

    /** As many as there may be (RFC 8617 section 4.2.1). */
    static final int MOST = 50;

    /** The three in the order in which they are sealed (RFC 8617 section 5.1.1). */
    List<Header> fields() {
        return List.of(results, signature.header(), seal.header());
    }

    /** What the sealer says of the chain as he found it. */
    String chainStatus() {
        return seal.tags().get("cv").orElse("");
    }

    /** What the sealer says of the origin: what follows the instance. */
    String told() {
        String value = results.value();
        return value.substring(value.indexOf(';') + 1).strip();
    }

    /** Who sealed; empty if that is not a domain. */
    String sealer() {
        try {
            return SignatureField.Signatory.of(seal.tags()).domain();
        } catch (UnverifiedException none) {
            return "";
        }
    }
}
