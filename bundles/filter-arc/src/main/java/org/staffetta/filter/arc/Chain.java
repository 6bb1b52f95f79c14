package org.staffetta.filter.arc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.mail.Header;
import org.staffetta.domainkey.Result;
import org.staffetta.domainkey.SignatureField;
import org.staffetta.domainkey.TagList;
import org.staffetta.domainkey.UnverifiedException;

/** The sets of a message in their order, whole and without gaps (RFC 8617 section 5.2, steps 1 to 3). */
final class Chain {

    private static final Pattern INSTANCE = Pattern.compile("[ \t\r\n]*i[ \t\r\n]*=[ \t\r\n]*([0-9]{1,2})[ \t\r\n]*;");

    private final List<ArcSet> sets;

    private Chain(List<ArcSet> sets) {
        this.sets = List.copyOf(sets);
    }

    /**
     * Gathers the sets.
     *
     * @throws UnverifiedException if they are no chain
     */
    static Chain of(List<Header> headers) throws UnverifiedException {
        Map<Integer, Header> results = new TreeMap<>();
        Map<Integer, ArcField> signatures = new TreeMap<>();
        Map<Integer, ArcField> seals = new TreeMap<>();
        for (Header header : headers) {
            if (header.is(ArcSet.RESULTS)) {
                int instance = instance(header).orElseThrow(() -> broken("a set of results has no instance"));
                once(results.put(instance, header));
            } else if (header.is(ArcSet.SIGNATURE)) {
                ArcField field = field(header);
                once(signatures.put(instance(field), field));
            } else if (header.is(ArcSet.SEAL)) {
                ArcField field = field(header);
                once(seals.put(instance(field), field));
            }
        }
        return new Chain(sets(results, signatures, seals));
    }

    /** The sets from the first to the last; none if nobody sealed. */
    List<ArcSet> sets() {
        return sets;
    }

    /** The highest instance that any field of ARC has, whether the chain is whole or not; 0 if none has one. */
    static int highest(List<Header> headers) {
        int highest = 0;
        for (Header header : headers) {
            Optional<Integer> instance = Optional.empty();
            if (header.is(ArcSet.RESULTS)) {
                instance = instance(header);
            } else if (header.is(ArcSet.SIGNATURE) || header.is(ArcSet.SEAL)) {
                instance = readable(header);
            }
            highest = Math.max(highest, instance.orElse(0));
        }
        return highest;
    }

    /** Whether the last one who sealed said that the chain is broken: then it stays so. */
    static boolean isGivenUp(List<Header> headers) {
        int highest = highest(headers);
        return headers.stream().filter(header -> header.is(ArcSet.SEAL))
                .anyMatch(header -> readable(header).orElse(0) == highest && fails(header));
    }

    private static List<ArcSet> sets(Map<Integer, Header> results, Map<Integer, ArcField> signatures,
            Map<Integer, ArcField> seals) throws UnverifiedException {
        if (!results.keySet().equals(signatures.keySet()) || !results.keySet().equals(seals.keySet())) {
            throw broken("a set is not complete");
        }
        List<ArcSet> sets = new ArrayList<>();
        for (Map.Entry<Integer, ArcField> seal : seals.entrySet()) {
            int instance = seal.getKey();
            if (instance != sets.size() + 1) {
                throw broken("a set is missing");
            }
            sets.add(new ArcSet(instance, Objects.requireNonNull(results.get(instance)),
                    Objects.requireNonNull(signatures.get(instance)), seal.getValue()));
        }
        return sets;
    }

    private static ArcField field(Header header) throws UnverifiedException {
        return new ArcField(header, SignatureField.tags(header));
    }

    private static int instance(ArcField field) throws UnverifiedException {
        int instance = field.tags().number("i", 2).orElseThrow(() -> broken("a field has no instance")).intValue();
        if (instance < 1 || instance > ArcSet.MOST) {
            throw broken("an instance is not 1 to " + ArcSet.MOST);
        }
        return instance;
    }

    private static Optional<Integer> instance(Header results) {
        Matcher matcher = INSTANCE.matcher(results.field().substring(results.field().indexOf(':') + 1));
        return matcher.lookingAt()
                ? Optional.of(Integer.valueOf(matcher.group(1))).filter(i -> i > 0 && i <= ArcSet.MOST)
                : Optional.empty();
    }

    private static Optional<Integer> readable(Header header) {
        try {
            return Optional.of(instance(field(header)));
        } catch (UnverifiedException none) {
            return Optional.empty();
        }
    }

    private static boolean fails(Header seal) {
        try {
            TagList tags = SignatureField.tags(seal);
            return tags.get("cv").filter("fail"::equals).isPresent();
        } catch (UnverifiedException malformed) {
            return false;
        }
    }

    private static void once(@Nullable Object other) throws UnverifiedException {
        if (other != null) {
            throw broken("an instance stands twice");
        }
    }

    private static UnverifiedException broken(String reason) {
        return new UnverifiedException(Result.FAIL, reason);
    }
}
