package org.staffetta.filter.dkim;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.mail.Header;
import org.staffetta.domainkey.BodyHashes;
import org.staffetta.domainkey.DomainName;
import org.staffetta.domainkey.HeaderFields;
import org.staffetta.domainkey.KeyLookup;
import org.staffetta.domainkey.KeyRecord;
import org.staffetta.domainkey.Result;
import org.staffetta.domainkey.SignatureField;
import org.staffetta.domainkey.TagList;
import org.staffetta.domainkey.UnverifiedException;

/** A signature on its way to a result. */
final class Candidate {

    // RFC 6008 section 4: as much as makes it unique, but never less
    private static final int LEAST_OF_SIGNATURE = 8;
    private static final int MOST_OF_SIGNATURE = 64;
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/=]+");
    private static final Pattern ALGORITHM = Pattern.compile("[a-z0-9-]{1,32}");

    private final Header header;
    private @Nullable TagList tags;
    private @Nullable DkimSignature parsed;
    private @Nullable KeyRecord key;
    private Result result = Result.NEUTRAL;
    private String reason = "";

    Candidate(Header header) {
        this.header = header;
    }

    /** Takes it apart, gets its key, and says what is to be hashed. */
    void prepare(Instant now, Duration tolerance, KeyLookup keys, BodyHashes hashes) {
        try {
            TagList list = SignatureField.tags(header);
            tags = list;
            DkimSignature signature = DkimSignature.parse(header, list);
            signature.checkTime(now, tolerance);
            key = signature.key(keys);
            signature.want(hashes);
            parsed = signature;
        } catch (UnverifiedException why) {
            conclude(why.result(), why.reason());
        }
    }

    /** Verifies what could be prepared. */
    void verify(HeaderFields fields, BodyHashes hashes) {
        DkimSignature signature = parsed;
        KeyRecord found = key;
        if (signature == null || found == null) {
            return;
        }
        try {
            signature.verify(found, fields, hashes);
            conclude(Result.PASS, found.isTesting() ? "the key is in test mode" : "");
        } catch (UnverifiedException why) {
            // RFC 6376 section 3.6.1, t=y: no worse than if it were not signed
            boolean testing = found.isTesting() && why.result() == Result.FAIL;
            conclude(testing ? Result.NEUTRAL : why.result(),
                    why.reason() + (testing ? "; the key is in test mode" : ""));
        }
    }

    /** The value of {@code b=}, without white space; empty if there is none that may be shown. */
    String signature() {
        String text = tag("b").map(TagList::withoutBlanks).orElse("");
        return BASE64.matcher(text).matches() ? text : "";
    }

    /**
     * What is to be said.
     *
     * @param others the signatures of all candidates
     */
    Finding finding(String method, List<String> others) {
        Map<String, String> properties = new LinkedHashMap<>();
        if (!reason.isEmpty()) {
            properties.put("reason", reason);
        }
        tag("d").flatMap(DomainName::parse).ifPresent(domain -> properties.put("header.d", domain));
        tag("i").flatMap(Identity::parse).flatMap(Identity::shown)
                .ifPresent(identity -> properties.put("header.i", identity));
        tag("s").flatMap(DomainName::labels).ifPresent(selector -> properties.put("header.s", selector));
        tag("a").filter(word -> ALGORITHM.matcher(word).matches()).ifPresent(word -> properties.put("header.a", word));
        String signature = signature();
        if (!signature.isEmpty()) {
            properties.put("header.b", signature.substring(0, unique(signature, others)));
        }
        return new Finding(method, result.word(), properties);
    }

    private static int unique(String signature, List<String> others) {
        int length = Math.min(LEAST_OF_SIGNATURE, signature.length());
        int most = Math.min(MOST_OF_SIGNATURE, signature.length());
        while (length < most && isShared(signature.substring(0, length), signature, others)) {
            length++;
        }
        return length;
    }

    private static boolean isShared(String begin, String signature, List<String> others) {
        return others.stream().anyMatch(other -> other.startsWith(begin) && !other.equals(signature));
    }

    private Optional<String> tag(String name) {
        TagList list = tags;
        return list == null ? Optional.empty() : list.get(name);
    }

    private void conclude(Result became, String why) {
        result = became;
        reason = why;
    }
}
