package org.staffetta.filter.dkim;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.staffetta.api.mail.Header;
import org.staffetta.domainkey.Algorithm;
import org.staffetta.domainkey.BodyHashes;
import org.staffetta.domainkey.Canonicalization;
import org.staffetta.domainkey.FieldSigner;
import org.staffetta.domainkey.HeaderFields;
import org.staffetta.domainkey.RandomMessage;
import org.staffetta.domainkey.SigningKey;
import org.staffetta.domainkey.TestMessage;
import org.staffetta.domainkey.TestSigner;

/** Messages that are signed here, good, broken and odd. The same seed gives the same, but for the time. */
final class SignedMessages {

    static final SigningKey RSA = SigningKey.generate(Algorithm.RSA_SHA256, 1024);
    static final SigningKey ED25519 = SigningKey.generate(Algorithm.ED25519_SHA256, 0);
    private static final SigningKey LONG = SigningKey.generate(Algorithm.RSA_SHA256, 2048);

    /** What DNS has below {@code _domainkey.example.org}, by selector. */
    static final Map<String, String> RECORDS = Map.of("rsa", RSA.record(), "ed", ED25519.record(), "long",
            LONG.record(),
            "revoked", "v=DKIM1; p=", "test", RSA.record() + "; t=y", "web",
            RSA.record() + "; s=web", "strict", RSA.record() + "; t=s", "sha1", RSA.record() + "; h=sha1", "odd",
            "v=DKIM1; k=rsa; p=%%%");

    private static final int HOUR = 3_600;

    private final Random random;
    private final RandomMessage messages;
    private final Instant now;

    /** What has been done to a message, before or after it was signed. */
    enum Kind {
        // nothing that matters
        GOOD, FIELD_ABOVE_AND_LINES_BELOW, RESHAPED, EMPTY_BODY, NO_LINE_END, LONG_LINES, UNKNOWN_TAG, LONG_KEY,
        // on the way
        BODY_LONGER, BODY_CHANGED, FIELD_CHANGED, FIELD_REMOVED, FIELD_ADDED, FIELD_ADDED_THOUGH_OVERSIGNED,
        // likewise
        FOLDED_OTHERWISE, SIGNATURE_CHANGED, DOMAIN_CHANGED,
        // the time
        EXPIRED, FROM_THE_FUTURE, ENDS_BEFORE_IT_BEGINS,
        // l=
        PART_OF_BODY, WHOLE_BODY_BY_LENGTH, BODY_SHORTER_THAN_LENGTH,
        // the key
        KEY_OF_ANOTHER, NO_KEY, REVOKED_KEY, KEY_OF_OTHER_TYPE, ODD_KEY, KEY_FOR_WEB, KEY_FOR_SHA1,
        // its flags
        STRICT_KEY_AND_SUBDOMAIN, TESTING_KEY, TESTING_KEY_AND_BROKEN,
        // more than one
        SEVERAL_SIGNATURES, BROKEN_AND_GOOD_SIGNATURE,
        // what cannot be understood
        OTHER_VERSION, FROM_NOT_SIGNED, IDENTITY_OUTSIDE, NO_BODY_HASH, TAG_TWICE, UNKNOWN_ALGORITHM,
        // likewise
        UNKNOWN_CANONICALIZATION, UNKNOWN_QUERY
    }

    SignedMessages(long seed, Instant now) {
        this.random = new Random(seed);
        this.messages = new RandomMessage(seed);
        this.now = now;
    }

    /** A message that is not signed. */
    TestMessage plain() {
        return messages.next();
    }

    /** How a signature is made. */
    private record Way(Canonicalization.Pair pair, boolean ed25519) {

        static Way of(int bits) {
            return new Way(new Canonicalization.Pair(Canonicalization.values()[bits & 1],
                    Canonicalization.values()[bits >> 1 & 1]), (bits & 4) != 0);
        }

        SigningKey key() {
            return ed25519 ? ED25519 : RSA;
        }

        String selector() {
            return ed25519 ? "ed" : "rsa";
        }
    }

    /** A message of a kind, signed in one of eight ways where that kind leaves a choice. */
    TestMessage next(Kind kind, int bits) throws IOException {
        Way way = Way.of(bits);
        Way relaxed = Way.of(bits | 3);
        TestMessage plain = messages.next();
        return switch (kind) {
            case GOOD -> sign(plain, way);
            case FIELD_ABOVE_AND_LINES_BELOW -> odd(sign(plain, way));
            case RESHAPED -> messages.reshaped(sign(plain, relaxed));
            case EMPTY_BODY -> sign(plain.withBody(random.nextBoolean() ? "" : "\r\n\r\n"), way);
            case NO_LINE_END -> sign(plain.withBody(plain.body() + "no line end"), way);
            case LONG_LINES -> sign(plain.withBody(("x".repeat(random.nextInt(200_000)) + " \r\n").repeat(2)), way);
            case UNKNOWN_TAG -> sign(plain, way, Map.of("zz", "some thing"));
            case LONG_KEY -> sign(plain, LONG, "long", way.pair(), Map.of(), all(plain));
            case BODY_LONGER -> lengthened(sign(plain, way));
            case BODY_CHANGED -> withBody(sign(plain, way), "x" + plain.body());
            case FIELD_CHANGED -> replaced(sign(plain, way), "From", "From: eve@example.net");
            case FIELD_REMOVED -> {
                TestMessage signed = sign(plain.with(new Header("Subject: gone")), way);
                yield signed.replacing(signed.first("Subject"));
            }
            case FIELD_ADDED -> sign(plain.with(new Header("Subject: a")), way.key(), way.selector(), way.pair(),
                    Map.of(), List.of("From", "Subject")).with(new Header("Subject: shown"));
            case FIELD_ADDED_THOUGH_OVERSIGNED -> sign(plain, way).with(new Header("From: eve@example.net"));
            case FOLDED_OTHERWISE -> replaced(sign(plain.with(new Header("X-Fold: a b")), way), "X-Fold",
                    "X-Fold: a\r\n b");
            case SIGNATURE_CHANGED -> damaged(sign(plain, way));
            case DOMAIN_CHANGED -> signature(sign(plain, way), "d=example.org", "d=example.net");
            case EXPIRED -> sign(plain, way, times(-20 * HOUR, -12 * HOUR));
            case FROM_THE_FUTURE -> sign(plain, way, times(20 * HOUR, 30 * HOUR));
            case ENDS_BEFORE_IT_BEGINS -> sign(plain, way, times(0, -60));
            case PART_OF_BODY -> TestSigner.sign(ended(plain), RSA, tags("l=5"), Optional.of(5L))
                    .withBody(ended(plain).body() + "more\r\n");
            case WHOLE_BODY_BY_LENGTH -> TestSigner.sign(plain.withBody("It works.\r\n"), RSA, tags("l=11"),
                    Optional.of(11L));
            case BODY_SHORTER_THAN_LENGTH -> TestSigner.sign(plain.withBody("It works.\r\n"), RSA, tags("l=99"),
                    Optional.of(99L));
            case KEY_OF_ANOTHER -> sign(plain, LONG, "rsa", way.pair(), Map.of(), all(plain));
            case NO_KEY -> with(plain, way, "none");
            case REVOKED_KEY -> with(plain, way, "revoked");
            case KEY_OF_OTHER_TYPE -> sign(plain, way.key(), way.ed25519() ? "rsa" : "ed", way.pair(), Map.of(),
                    all(plain));
            case ODD_KEY -> with(plain, way, "odd");
            case KEY_FOR_WEB -> sign(plain, RSA, "web", way.pair(), Map.of(), all(plain));
            case KEY_FOR_SHA1 -> sign(plain, RSA, "sha1", way.pair(), Map.of(), all(plain));
            case STRICT_KEY_AND_SUBDOMAIN -> sign(plain, RSA, "strict", way.pair(), Map.of("i", "@sub.example.org"),
                    all(plain));
            case TESTING_KEY -> sign(plain, RSA, "test", way.pair(), Map.of(), all(plain));
            case TESTING_KEY_AND_BROKEN -> withBody(sign(plain, RSA, "test", way.pair(), Map.of(), all(plain)),
                    "x" + plain.body());
            case SEVERAL_SIGNATURES -> sign(sign(plain, way), Way.of(~bits));
            case BROKEN_AND_GOOD_SIGNATURE -> sign(withBody(sign(plain, way), "x" + plain.body()), Way.of(~bits));
            case OTHER_VERSION -> signature(sign(plain, way), "v=1", "v=2");
            case FROM_NOT_SIGNED -> sign(plain.with(new Header("Subject: x")), way.key(), way.selector(), way.pair(),
                    Map.of(), List.of("Subject"));
            case IDENTITY_OUTSIDE -> sign(plain, way, Map.of("i", "@example.net"));
            case NO_BODY_HASH -> signature(sign(plain, way), "bh=", "bx=");
            case TAG_TWICE -> signature(sign(plain, way), "v=1;", "v=1; v=1;");
            case UNKNOWN_ALGORITHM -> signature(sign(plain, way), "-sha256", "-sha512");
            case UNKNOWN_CANONICALIZATION -> signature(sign(plain, way), "c=", "c=x");
            case UNKNOWN_QUERY -> sign(plain, way, Map.of("q", "web/get"));
        };
    }

    private static List<String> all(TestMessage message) {
        List<String> names = new ArrayList<>(message.headers().stream().map(Header::name).toList());
        names.addAll(List.of("From", "Subject", "X-None"));
        return names;
    }

    private TestMessage with(TestMessage plain, Way way, String selector) throws IOException {
        return sign(plain, way.key(), selector, way.pair(), Map.of(), all(plain));
    }

    private TestMessage sign(TestMessage message, Way way) throws IOException {
        return sign(message, way, Map.of());
    }

    private TestMessage sign(TestMessage message, Way way, Map<String, String> more) throws IOException {
        return sign(message, way.key(), way.selector(), way.pair(), more, all(message));
    }

    private TestMessage sign(TestMessage message, SigningKey key, String selector, Canonicalization.Pair pair,
            Map<String, String> more, List<String> names) throws IOException {
        BodyHashes hashes = new BodyHashes();
        hashes.want(pair.body(), Optional.empty());
        hashes.read(message);
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("v", "1");
        tags.put("d", "example.org");
        tags.put("s", selector);
        tags.putAll(times(0, HOUR));
        tags.putAll(more);
        return message.with(new FieldSigner(key).sign("DKIM-Signature", tags, pair, names,
                new HeaderFields(message.headers()), hashes));
    }

    private Map<String, String> times(int begin, int end) {
        return Map.of("t", Long.toString(now.getEpochSecond() + begin), "x", Long.toString(now.getEpochSecond() + end));
    }

    private static String tags(String more) {
        return "v=1; a=rsa-sha256; d=example.org; s=rsa; h=From; " + more;
    }

    private static TestMessage ended(TestMessage message) {
        String body = message.body();
        return message.withBody("12345\r\n" + body + (body.isEmpty() || body.endsWith("\r\n") ? "" : "\r\n"));
    }

    private static TestMessage withBody(TestMessage message, String body) {
        return message.withBody(body);
    }

    // what nobody signed may change, and empty lines at the end
    private TestMessage odd(TestMessage signed) {
        TestMessage odd = signed.with(new Header("Received: from somewhere"));
        boolean whole = odd.body().isEmpty() || odd.body().endsWith("\r\n");
        return odd.withBody(odd.body() + (whole ? "\r\n".repeat(random.nextInt(3)) : ""));
    }

    private static TestMessage lengthened(TestMessage signed) {
        return signed.withBody(signed.body() + "more\r\n");
    }

    private static TestMessage replaced(TestMessage signed, String name, String other) {
        return signed.replacing(signed.first(name), new Header(other));
    }

    // one octet in the middle of the signature
    private static TestMessage damaged(TestMessage signed) {
        Header field = signed.first("DKIM-Signature");
        int place = field.field().length() - 20;
        char other = field.field().charAt(place) == 'A' ? 'B' : 'A';
        return signed.replacing(field,
                new Header(field.field().substring(0, place) + other + field.field().substring(place + 1)));
    }

    private static TestMessage signature(TestMessage signed, String old, String other) {
        Header field = signed.first("DKIM-Signature");
        if (!field.field().contains(old)) {
            throw new IllegalArgumentException(field + " has no " + old);
        }
        return signed.replacing(field, new Header(field.field().replace(old, other)));
    }

    /** All records, lines of a name, a blank, and the record there. */
    static String records() {
        return RECORDS.entrySet().stream()
                .map(record -> record.getKey() + "._domainkey.example.org " + record.getValue() + "\n").sorted()
                .collect(Collectors.joining());
    }
}
