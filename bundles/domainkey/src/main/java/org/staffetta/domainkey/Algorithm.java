package org.staffetta.domainkey;

import java.util.Arrays;

/** How a signature is made (RFC 6376 section 3.3, RFC 8463 section 3). */
public enum Algorithm {

    /** PKCS #1 version 1.5 over SHA-256. */
    RSA_SHA256("rsa"),

    /** PureEdDSA over the SHA-256 of what is signed. */
    ED25519_SHA256("ed25519");

    /** The only hash that is left (RFC 8301 section 3.1). */
    static final String HASH = "sha256";

    private final String keyType;

    Algorithm(String keyType) {
        this.keyType = keyType;
    }

    /** As it stands in {@code a=}. */
    public String word() {
        return keyType + "-" + HASH;
    }

    /** As it stands in the {@code k=} of a key. */
    public String keyType() {
        return keyType;
    }

    /** That of a signature. */
    static Algorithm of(TagList tags) throws UnverifiedException {
        String word = tags.require("a");
        if (word.equals("rsa-sha1")) {
            // RFC 8301 section 3.1: such signatures have permanently failed
            throw new UnverifiedException(Result.POLICY, "rsa-sha1 is no longer accepted");
        }
        return Arrays.stream(values()).filter(known -> known.word().equals(word)).findFirst()
                .orElseThrow(() -> UnverifiedException.malformed("the algorithm of the signature is not supported"));
    }
}
