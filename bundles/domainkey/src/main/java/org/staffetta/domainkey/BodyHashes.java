package org.staffetta.domainkey;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.staffetta.api.mail.Message;

/** The hashes of one body that several signatures want, by one pass over it in constant memory. */
public final class BodyHashes {

    private static final int BLOCK = 16_384;
    private static final int LEAST_BLOCK = 1_024;

    private final Map<Wanted, Sum> sums = new LinkedHashMap<>();

    /** What is hashed: the canonical body, or its first octets. */
    private record Wanted(Canonicalization canonicalization, Optional<Long> octets) {}

    /** Asks for the hash of a body, or of its beginning (the tag {@code l=}). */
    public void want(Canonicalization canonicalization, Optional<Long> octets) {
        sums.computeIfAbsent(new Wanted(canonicalization, octets), key -> new Sum(key.octets().orElse(Long.MAX_VALUE)));
    }

    /**
     * Reads the body, if anything of it is wanted.
     *
     * @throws IOException if the storage fails
     */
    public void read(Message message) throws IOException {
        if (sums.isEmpty()) {
            return;
        }
        try (InputStream body = message.openBody()) {
            // most messages are smaller than a block
            read(body, new byte[Math.clamp(message.size(), LEAST_BLOCK, BLOCK)]);
        }
    }

    private void read(InputStream body, byte[] block) throws IOException {
        List<BodyCanonicalizer> canonicalizers = sums.keySet().stream().map(Wanted::canonicalization).distinct()
                .map(one -> canonicalizer(one, block.length)).toList();
        int length = body.read(block);
        while (length >= 0) {
            for (BodyCanonicalizer canonicalizer : canonicalizers) {
                canonicalizer.update(block, length);
            }
            length = body.read(block);
        }
        canonicalizers.forEach(BodyCanonicalizer::finish);
        sums.values().forEach(Sum::finish);
    }

    /** The SHA-256 that was wanted. */
    public byte[] hash(Canonicalization canonicalization, Optional<Long> octets) {
        return sum(canonicalization, octets).hash.clone();
    }

    /** How many octets the canonical body has. */
    public long length(Canonicalization canonicalization, Optional<Long> octets) {
        return sum(canonicalization, octets).length;
    }

    private Sum sum(Canonicalization canonicalization, Optional<Long> octets) {
        Sum sum = sums.get(new Wanted(canonicalization, octets));
        if (sum == null) {
            throw new IllegalArgumentException("nobody wanted this hash");
        }
        return sum;
    }

    private BodyCanonicalizer canonicalizer(Canonicalization canonicalization, int block) {
        Sum[] mine = sums.entrySet().stream().filter(sum -> sum.getKey().canonicalization() == canonicalization)
                .map(Map.Entry::getValue).toArray(Sum[]::new);
        return new BodyCanonicalizer(canonicalization, block, (octets, from, length) -> {
            for (Sum sum : mine) {
                sum.update(octets, from, length);
            }
        });
    }

    /** A new SHA-256. */
    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** One hash in the making. */
    private static final class Sum {

        private final long limit;
        private final MessageDigest digest = sha256();
        private long length;
        private byte[] hash = {};

        Sum(long limit) {
            this.limit = limit;
        }

        void update(byte[] octets, int from, int count) {
            if (length < limit) {
                digest.update(octets, from, (int) Math.min(count, limit - length));
            }
            length += count;
        }

        void finish() {
            hash = digest.digest();
        }
    }
}
