package org.staffetta.domainkey;

import java.util.List;

/** A public key as DNS holds it (RFC 6376 section 3.6.1). */
public final class KeyRecord {

    private static final String OWNER = "the key record";
    private static final String VERSION = "DKIM1";

    private final TagList tags;
    private final VerificationKey key;

    private KeyRecord(TagList tags, VerificationKey key) {
        this.tags = tags;
        this.key = key;
    }

    /**
     * Reads a record.
     *
     * @throws UnverifiedException if nothing can be verified with it
     */
    public static KeyRecord parse(String text) throws UnverifiedException {
        TagList tags = TagList.parse(OWNER, text);
        if (!tags.get("v").orElse(VERSION).equals(VERSION)) {
            throw UnverifiedException.malformed("the key record is of another version");
        }
        if (tags.get("p").filter(String::isEmpty).isPresent()) {
            throw UnverifiedException.malformed("the key was revoked");
        }
        return new KeyRecord(tags, switch (tags.get("k").orElse("rsa")) {
            case "rsa" -> VerificationKey.Rsa.of(tags.octets("p"));
            case "ed25519" -> VerificationKey.Ed25519.of(tags.octets("p"));
            default -> throw UnverifiedException.malformed("the type of the key is not supported");
        });
    }

    /** Whether the text is meant to be a key; other records may stand at the same name, by a wildcard say. */
    static boolean isOne(String text) {
        try {
            TagList tags = TagList.parse(OWNER, text);
            return tags.get("v").orElse(VERSION).equals(VERSION) && tags.has("p");
        } catch (UnverifiedException none) {
            return false;
        }
    }

    /** Whether the owner is only testing: his failures are not to be held against him. */
    public boolean isTesting() {
        return tags.items("t").contains("y");
    }

    /** Whether the identity must be of the very domain that signs, and not of one below it. */
    public boolean isStrict() {
        return tags.items("t").contains("s");
    }

    /**
     * Verifies a signature.
     *
     * @throws UnverifiedException if it is not valid, or the key is not for it
     */
    void verify(Algorithm algorithm, byte[] octets, byte[] signature) throws UnverifiedException {
        requireFor("h", Algorithm.HASH, "the key is not for signatures with SHA-256");
        requireFor("s", "email", "the key is not for mail");
        if (key.algorithm() != algorithm) {
            throw UnverifiedException.malformed("the key is of another type than the signature");
        }
        if (!key.verifies(octets, signature)) {
            throw new UnverifiedException(Result.FAIL, "the signature does not match");
        }
    }

    private void requireFor(String tag, String use, String reason) throws UnverifiedException {
        List<String> uses = tags.items(tag);
        if (tags.has(tag) && !uses.contains(use) && !uses.contains("*")) {
            throw UnverifiedException.malformed(reason);
        }
    }
}
