package org.staffetta.domainkey;

import java.util.List;
import org.staffetta.api.mail.Header;

/** A signature over given fields alone, in their order: ARC-Seal (RFC 8617 section 4.1.3). */
public final class Seal {

    private final Header field;
    private final Algorithm algorithm;
    private final byte[] signature;
    private final SignatureField.Signatory signatory;

    private Seal(Header field, TagList tags) throws UnverifiedException {
        this.field = field;
        this.signatory = SignatureField.Signatory.of(tags);
        this.algorithm = Algorithm.of(tags);
        this.signature = tags.octets("b");
        tags.number("t", 12);
    }

    /**
     * Takes a field apart.
     *
     * @throws UnverifiedException if it cannot be understood
     */
    public static Seal parse(Header field, TagList tags) throws UnverifiedException {
        return new Seal(field, tags);
    }

    /** Who signs. */
    public SignatureField.Signatory signatory() {
        return signatory;
    }

    /**
     * Verifies it.
     *
     * @param before the fields that are signed and stand before it in what is signed
     * @throws UnverifiedException if it is not valid
     */
    public void verify(KeyLookup keys, List<Header> before) throws UnverifiedException {
        KeyRecord key = keys.find(signatory.selector(), signatory.domain());
        byte[] signed = SignatureField.signed(Canonicalization.RELAXED, before,
                SignatureField.withoutSignature(field.field()));
        key.verify(algorithm, signed, signature);
    }
}
