package org.staffetta.filter.arc;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.domainkey.BodyHashes;
import org.staffetta.domainkey.Canonicalization;
import org.staffetta.domainkey.FieldSigner;
import org.staffetta.domainkey.HeaderFields;
import org.staffetta.domainkey.SigningKey;
import org.staffetta.domainkey.UnverifiedException;

/** Adds one more set to a chain (RFC 8617 section 5.1). */
final class Sealer {

    private final SigningKey key;
    private final Settings.Identity identity;
    private final List<String> sealed;

    /**
     * @param sealed the names of the fields that are signed, all of each name
     */
    Sealer(SigningKey key, Settings.Identity identity, List<String> sealed) {
        this.key = key;
        this.identity = identity;
        this.sealed = sealed;
    }

    /**
     * The new fields in the order in which they are put on top; none if the chain cannot grow: it is full, was given up, or nobody knows.
     *
     * @param status of the chain as it came in
     * @param told what follows the instance in ARC-Authentication-Results
     * @throws IOException if the message cannot be read
     */
    List<Header> seal(Message message, ChainResult.Status status, String told, Instant now) throws IOException {
        int instance = Chain.highest(message.headers()) + 1;
        boolean possible = status != ChainResult.Status.TEMPERROR && instance <= ArcSet.MOST
                && !Chain.isGivenUp(message.headers());
        if (!possible) {
            return List.of();
        }
        BodyHashes hashes = new BodyHashes();
        hashes.want(Canonicalization.RELAXED, Optional.empty());
        hashes.read(message);
        HeaderFields fields = new HeaderFields(message.headers());
        FieldSigner signer = new FieldSigner(key);
        Header results = Header.of(ArcSet.RESULTS, "i=" + instance + "; " + told);
        Header signature = signer.sign(ArcSet.SIGNATURE, tags(instance, now), Canonicalization.Pair.RELAXED,
                names(fields), fields, hashes);
        // a chain that is broken is sealed as if it were not there (RFC 8617 section 5.1.2)
        List<Header> before = new ArrayList<>(status == ChainResult.Status.PASS ? earlier(message) : List.of());
        before.add(results);
        before.add(signature);
        Map<String, String> tags = tags(instance, now);
        tags.put("cv", status.word());
        return List.of(results, signature, signer.seal(ArcSet.SEAL, tags, before));
    }

    private static List<Header> earlier(Message message) throws IOException {
        try {
            List<Header> earlier = new ArrayList<>();
            Chain.of(message.headers()).sets().forEach(set -> earlier.addAll(set.fields()));
            return earlier;
        } catch (UnverifiedException broken) {
            throw new IOException("a filter has broken the chain that passed: " + broken.reason(), broken);
        }
    }

    private Map<String, String> tags(int instance, Instant now) {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("i", Integer.toString(instance));
        tags.put("d", identity.domain());
        tags.put("s", identity.selector());
        tags.put("t", Long.toString(now.getEpochSecond()));
        return tags;
    }

    private List<String> names(HeaderFields fields) {
        List<String> names = new ArrayList<>();
        sealed.forEach(name -> names.addAll(Collections.nCopies(fields.count(name), name)));
        return names;
    }
}
