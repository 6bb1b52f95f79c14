package org.staffetta.filter.dkim;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.domainkey.BodyHashes;
import org.staffetta.domainkey.HeaderFields;
import org.staffetta.domainkey.KeyLookup;
import org.staffetta.domainkey.Result;

/** Verifies the signatures of one message, one by one, by one pass over its body. */
final class Verifier {

    /** The method in findings (RFC 8601 section 2.7.1). */
    static final String METHOD = "dkim";

    /** The name of the field. */
    static final String FIELD = "DKIM-Signature";

    private final Settings settings;
    private final Dns dns;
    private final InstantSource clock;

    Verifier(Settings settings, Dns dns, InstantSource clock) {
        this.settings = settings;
        this.dns = dns;
        this.clock = clock;
    }

    /**
     * What is to be said of each signature, from the top.
     *
     * @throws IOException if the message cannot be read
     */
    List<Finding> verify(Message message) throws IOException {
        List<Header> signatures = message.headers().stream().filter(header -> header.is(FIELD)).toList();
        if (signatures.isEmpty()) {
            return List.of(new Finding(METHOD, "none", Map.of("reason", "the message is not signed")));
        }
        List<Candidate> candidates = candidates(signatures);
        KeyLookup keys = new KeyLookup(dns);
        BodyHashes hashes = new BodyHashes();
        Instant now = clock.instant();
        candidates.forEach(candidate -> candidate.prepare(now, settings.tolerance(), keys, hashes));
        hashes.read(message);
        HeaderFields fields = new HeaderFields(message.headers());
        candidates.forEach(candidate -> candidate.verify(fields, hashes));
        return findings(candidates, signatures.size());
    }

    // more than that would only be there to keep us busy
    private List<Candidate> candidates(List<Header> signatures) {
        return signatures.stream().limit(settings.most()).map(Candidate::new).toList();
    }

    private static List<Finding> findings(List<Candidate> candidates, int signatures) {
        List<String> all = candidates.stream().map(Candidate::signature).toList();
        List<Finding> findings = new ArrayList<>();
        candidates.forEach(candidate -> findings.add(candidate.finding(METHOD, all)));
        if (signatures > candidates.size()) {
            findings.add(new Finding(METHOD, Result.POLICY.word(), Map.of("reason",
                    (signatures - candidates.size()) + " more signatures were not looked at")));
        }
        return findings;
    }
}
