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
import org.staffetta.api.mail.Header;
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

    /** A message should be signed, and there is no key that can. */
    static final class NoKeyException extends IOException {

        private static final long serialVersionUID = 1L;

        NoKeyException(String domain) {
            super("none of the keys of " + domain + " can be used");
        }
    }

    /**
     * Signs, if the message is from a domain of ours. A message that should be signed and cannot be is for later: unsigned it might be refused by
     * everybody else.
     *
     * @throws IOException if the message cannot be read
     */
    Verdict sign(Message message) throws IOException {
        try {
            List<Header> fields = fields(message);
            return fields.isEmpty()
                    ? Verdict.proceed()
                    : new Verdict.Proceed(fields.stream().<HeaderEdit>map(HeaderEdit.Prepend::new).toList(), List.of());
        } catch (NoKeyException none) {
            return Verdict.defer("4.3.5", "the message cannot be signed now, come back later");
        }
    }

    /**
     * The signatures, one of each key; none if the message is not from a domain of ours.
     *
     * @throws NoKeyException if there are keys and none of them can be used
     * @throws IOException if the message cannot be read
     */
    List<Header> fields(Message message) throws IOException {
        Optional<String> author = Author.domain(message.headers());
        List<DomainKey> mine = author.map(domain -> DomainKey.signing(keys, domain)).orElse(List.of());
        if (mine.isEmpty()) {
            return List.of();
        }
        List<Ready> ready = ready(mine);
        if (ready.isEmpty()) {
            throw new NoKeyException(author.orElse(""));
        }
        return signatures(message, ready);
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

    private List<Header> signatures(Message message, List<Ready> ready) throws IOException {
        BodyHashes hashes = new BodyHashes();
        hashes.want(Canonicalization.RELAXED, Optional.empty());
        hashes.read(message);
        HeaderFields fields = new HeaderFields(message.headers());
        List<String> signed = signedFields(fields);
        List<Header> signatures = new ArrayList<>();
        for (Ready one : ready) {
            signatures.add(new FieldSigner(one.secret()).sign(Verifier.FIELD, tags(one.key()),
                    Canonicalization.Pair.RELAXED, signed, fields, hashes));
        }
        return signatures;
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
