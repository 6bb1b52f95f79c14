package org.staffetta.filter.dkim;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.staffetta.api.filter.HeaderEdit;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Message;
import org.staffetta.domainkey.Author;
import org.staffetta.domainkey.BodyHashes;
import org.staffetta.domainkey.Canonicalization;
import org.staffetta.domainkey.Complaints;
import org.staffetta.domainkey.FieldSigner;
import org.staffetta.domainkey.HeaderFields;
import org.staffetta.domainkey.SigningKey;

/** Signs one message with all keys that there are for its author's domain. */
final class Signer {

    private final Settings settings;
    private final List<DomainKey> keys;
    private final InstantSource clock;
    private final Complaints complaints;

    /**
     * @param complaints hear of keys that cannot be used
     */
    Signer(Settings settings, List<DomainKey> keys, InstantSource clock, Complaints complaints) {
        this.settings = settings;
        this.keys = List.copyOf(keys);
        this.clock = clock;
        this.complaints = complaints;
    }

    /** A key that can sign. */
    private record Ready(DomainKey key, SigningKey secret) {}

    /**
     * Signs, if the message is from a domain of ours. A message that should be signed and cannot be is for later: unsigned it might be refused by
     * everybody else.
     *
     * @throws IOException if the message cannot be read
     */
    Verdict sign(Message message) throws IOException {
        List<DomainKey> mine = Author.domain(message.headers()).map(domain -> DomainKey.signing(keys, domain))
                .orElse(List.of());
        if (mine.isEmpty()) {
            return Verdict.proceed();
        }
        List<Ready> ready = ready(mine);
        if (ready.isEmpty()) {
            return Verdict.defer("4.3.5", "the message cannot be signed now, come back later");
        }
        return new Verdict.Proceed(signatures(message, ready), List.of());
    }

    private List<Ready> ready(List<DomainKey> mine) {
        List<Ready> ready = new ArrayList<>();
        for (DomainKey key : mine) {
            try {
                ready.add(new Ready(key, key.file().key()));
                complaints.settled("dkim.key." + key.name());
            } catch (IOException unusable) {
                complaints.about("dkim.key." + key.name(), String.valueOf(unusable.getMessage()));
            }
        }
        return ready;
    }

    private List<HeaderEdit> signatures(Message message, List<Ready> ready) throws IOException {
        BodyHashes hashes = new BodyHashes();
        hashes.want(Canonicalization.RELAXED, Optional.empty());
        hashes.read(message);
        HeaderFields fields = new HeaderFields(message.headers());
        List<String> signed = signedFields(fields);
        List<HeaderEdit> edits = new ArrayList<>();
        for (Ready one : ready) {
            edits.add(new HeaderEdit.Prepend(new FieldSigner(one.secret()).sign(Verifier.FIELD, tags(one.key()),
                    Canonicalization.Pair.RELAXED, signed, fields, hashes)));
        }
        return edits;
    }

    // RFC 6376 section 3.5; l= is never used (section 8.2)
    private Map<String, String> tags(DomainKey key) {
        Map<String, String> tags = new LinkedHashMap<>();
        Instant now = clock.instant();
        tags.put("v", "1");
        tags.put("d", key.domain());
        tags.put("s", key.selector());
        tags.put("t", Long.toString(now.getEpochSecond()));
        if (!settings.lifetime().isZero()) {
            tags.put("x", Long.toString(now.plus(settings.lifetime()).getEpochSecond()));
        }
        return tags;
    }

    // each as often as it is there, and once more where nobody may add one (RFC 6376 sections 5.4.1 and 8.15)
    private List<String> signedFields(HeaderFields fields) {
        List<String> names = new ArrayList<>();
        for (String name : settings.signed()) {
            int more = settings.oversigned().contains(name.toLowerCase(Locale.ROOT)) ? 1 : 0;
            for (int i = fields.count(name) + more; i > 0; i--) {
                names.add(name);
            }
        }
        return names;
    }
}
