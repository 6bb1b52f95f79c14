package org.staffetta.filter.dkim;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.staffetta.api.mail.Header;
import org.staffetta.domainkey.BodyHashes;
import org.staffetta.domainkey.Canonicalization;
import org.staffetta.domainkey.DomainName;
import org.staffetta.domainkey.HeaderFields;
import org.staffetta.domainkey.KeyLookup;
import org.staffetta.domainkey.KeyRecord;
import org.staffetta.domainkey.Result;
import org.staffetta.domainkey.SignatureField;
import org.staffetta.domainkey.TagList;
import org.staffetta.domainkey.UnverifiedException;

/** One DKIM-Signature field that can be understood (RFC 6376 section 6.1.1). */
final class DkimSignature {

    // what a message has once at most (RFC 5322 section 3.6, RFC 2045 section 3)
    private static final List<String> ONCE = List.of("From", "Sender", "Reply-To", "To", "Cc", "Subject", "Date",
            "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding");

    private final SignatureField field;
    private final Optional<String> identity;

    private DkimSignature(SignatureField field, Optional<String> identity) {
        this.field = field;
        this.identity = identity;
    }

    /**
     * Takes a field apart.
     *
     * @throws UnverifiedException if that is not possible
     */
    static DkimSignature parse(Header header, TagList tags) throws UnverifiedException {
        if (!tags.require("v").equals("1")) {
            throw tags.malformed("v");
        }
        SignatureField field = SignatureField.parse(header, tags, Canonicalization.Pair.SIMPLE);
        if (field.signedFields().stream().anyMatch(String::isEmpty)) {
            throw tags.malformed("h");
        }
        if (field.signedFields().stream().noneMatch("From"::equalsIgnoreCase)) {
            // RFC 6376 section 5.4
            throw new UnverifiedException(Result.PERMERROR, "the signature does not cover From");
        }
        Optional<String> identity = Optional.empty();
        if (tags.has("i")) {
            identity = Optional.of(Identity.parse(tags.require("i")).orElseThrow(() -> tags.malformed("i")).domain());
        }
        if (identity.filter(domain -> !DomainName.isWithin(domain, field.signatory().domain())).isPresent()) {
            throw new UnverifiedException(Result.PERMERROR, "i= is not within d=");
        }
        return new DkimSignature(field, identity);
    }

    /**
     * Checks the time of the signature and its end.
     *
     * @throws UnverifiedException if it is not the time of the signature
     */
    void checkTime(Instant now, Duration tolerance) throws UnverifiedException {
        Optional<Long> signed = field.tags().number("t", 12);
        Optional<Long> expires = field.tags().number("x", 12);
        if (signed.isPresent() && expires.isPresent() && expires.get() <= signed.get()) {
            throw new UnverifiedException(Result.PERMERROR, "the signature ends before it begins");
        }
        if (expires.isPresent() && now.minus(tolerance).getEpochSecond() > expires.get()) {
            throw new UnverifiedException(Result.POLICY, "the signature has expired");
        }
        if (signed.isPresent() && now.plus(tolerance).getEpochSecond() < signed.get()) {
            throw new UnverifiedException(Result.POLICY, "the signature is from the future");
        }
    }

    /**
     * The key, which must allow this identity.
     *
     * @throws UnverifiedException if there is none, or it does not
     */
    KeyRecord key(KeyLookup keys) throws UnverifiedException {
        KeyRecord key = field.key(keys);
        String domain = field.signatory().domain();
        if (key.isStrict() && !identity.orElse(domain).equals(domain)) {
            // RFC 6376 section 3.6.1, t=s
            throw new UnverifiedException(Result.PERMERROR, "the key is for the domain itself, not for those below it");
        }
        return key;
    }

    void want(BodyHashes hashes) {
        field.want(hashes);
    }

    /**
     * Verifies it.
     *
     * @throws UnverifiedException if it does not pass
     */
    void verify(KeyRecord key, HeaderFields fields, BodyHashes hashes) throws UnverifiedException {
        field.verify(key, fields, hashes);
        requireNoneAdded(fields);
    }

    // Of two Subjects the lower one is signed and the upper one shown (RFC 6376 sections 5.4.2 and 8.15)
    private void requireNoneAdded(HeaderFields fields) throws UnverifiedException {
        for (String name : ONCE) {
            long signed = field.signedFields().stream().filter(name::equalsIgnoreCase).count();
            if (signed > 0 && fields.count(name) > signed) {
                throw new UnverifiedException(Result.POLICY, "there is another " + name + " that is not signed");
            }
        }
    }
}
