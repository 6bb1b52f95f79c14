package org.staffetta.domainkey;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.staffetta.api.mail.Header;

/**
 * A field that signs header fields and the body: DKIM-Signature (RFC 6376 section 3.5), and ARC-Message-Signature, which is the same but for
 * {@code v=} and {@code i=} (RFC 8617 section 4.1.2). What differs is checked by who reads them.
 */
public final class SignatureField {

    private final Header field;
    private final TagList tags;
    private final Algorithm algorithm;
    private final byte[] signature;
    private final byte[] bodyHash;
    private final Canonicalization.Pair canonicalization;
    private final Signatory signatory;
    private final Optional<Long> bodyLength;
    private final List<String> signedFields;

    /**
     * Who signs, and where the key is.
     *
     * @param domain {@code d=}
     * @param selector {@code s=}
     */
    public record Signatory(String domain, String selector) {

        /**
         * That of a signature.
         *
         * @throws UnverifiedException if there is none
         */
        public static Signatory of(TagList tags) throws UnverifiedException {
            return new Signatory(DomainName.parse(tags.require("d")).orElseThrow(() -> tags.malformed("d")),
                    DomainName.labels(tags.require("s")).orElseThrow(() -> tags.malformed("s")));
        }
    }

    private SignatureField(Header field, TagList tags, Canonicalization.Pair otherwise) throws UnverifiedException {
        this.field = field;
        this.tags = tags;
        this.signatory = Signatory.of(tags);
        this.algorithm = Algorithm.of(tags);
        this.signature = tags.octets("b");
        this.bodyHash = tags.octets("bh");
        this.canonicalization = Canonicalization.Pair.of(tags, otherwise);
        this.bodyLength = bodyLength(tags);
        this.signedFields = tags.items("h");
        tags.number("t", 12);
        tags.number("x", 12);
        if (tags.has("q") && !tags.items("q").contains("dns/txt")) {
            throw UnverifiedException.malformed("the signature names no way to its key that we know");
        }
    }

    /**
     * Takes a field apart.
     *
     * @param otherwise the canonical forms if it names none
     * @throws UnverifiedException if it cannot be understood
     */
    public static SignatureField parse(Header field, TagList tags, Canonicalization.Pair otherwise)
            throws UnverifiedException {
        return new SignatureField(field, tags, otherwise);
    }

    /** The tags of a field. */
    public static TagList tags(Header field) throws UnverifiedException {
        return TagList.parse("the signature", field.field().substring(field.field().indexOf(':') + 1));
    }

    /** All of them. */
    public TagList tags() {
        return tags;
    }

    /** Who signs. */
    public Signatory signatory() {
        return signatory;
    }

    /** The names of the fields that are signed. */
    public List<String> signedFields() {
        return signedFields;
    }

    /**
     * The key that the signature is made with, in the public half.
     *
     * @throws UnverifiedException if there is none
     */
    public KeyRecord key(KeyLookup keys) throws UnverifiedException {
        return keys.find(signatory.selector(), signatory.domain());
    }

    /** Says which hash of the body will be asked for. */
    public void want(BodyHashes hashes) {
        hashes.want(canonicalization.body(), bodyLength);
    }

    /**
     * Verifies the body and then the signature.
     *
     * @throws UnverifiedException if one of them does not match, or the body was only signed in part
     */
    public void verify(KeyRecord key, HeaderFields fields, BodyHashes hashes) throws UnverifiedException {
        long length = hashes.length(canonicalization.body(), bodyLength);
        if (bodyLength.isPresent() && bodyLength.get() > length) {
            // RFC 6376 section 3.5: it must not be larger
            throw UnverifiedException.malformed("l= is larger than the body");
        }
        if (!MessageDigest.isEqual(bodyHash, hashes.hash(canonicalization.body(), bodyLength))) {
            throw new UnverifiedException(Result.FAIL, "the body does not match");
        }
        List<Header> signed = fields.select(signedFields, field);
        key.verify(algorithm, signed(canonicalization.header(), signed, withoutSignature(field.field())), signature);
        if (bodyLength.isPresent() && bodyLength.get() < length) {
            // RFC 6376 section 8.2: whoever comes by can add the rest
            throw new UnverifiedException(Result.POLICY,
                    "only " + bodyLength.get() + " of the " + length + " octets of the body are signed");
        }
    }

    /** What is signed: the fields, and at last the one that signs, which has no line end (RFC 6376 section 3.7). */
    static byte[] signed(Canonicalization canonicalization, List<Header> fields, String unsigned) {
        StringBuilder octets = new StringBuilder(2048);
        for (Header field : fields) {
            octets.append(canonicalization.field(field.field())).append("\r\n");
        }
        return octets.append(canonicalization.field(unsigned)).toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A field with the value of {@code b=} taken away, all white space around it included (RFC 6376 section 3.5). */
    static String withoutSignature(String field) {
        int start = field.indexOf(':') + 1;
        while (start < field.length()) {
            int semicolon = field.indexOf(';', start);
            int end = semicolon < 0 ? field.length() : semicolon;
            int equals = field.indexOf('=', start);
            if (equals >= 0 && equals < end && TagList.trim(field.substring(start, equals)).equals("b")) {
                return field.substring(0, equals + 1) + field.substring(end);
            }
            start = end + 1;
        }
        return field;
    }

    private static Optional<Long> bodyLength(TagList tags) throws UnverifiedException {
        // up to 76 digits (RFC 6376 section 3.5), but no body has more than these
        boolean huge = tags.get("l").filter(text -> text.length() > 18 && text.length() <= 76)
                .filter(text -> text.chars().allMatch(TagList.Ascii::isDigit)).isPresent();
        if (huge) {
            throw UnverifiedException.malformed("l= is larger than the body");
        }
        return tags.number("l", 18);
    }
}
