package org.staffetta.identity;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** A hash of a password in PHC form. It never shows itself: {@code toString} names the kind only. */
public sealed interface PasswordHash permits PasswordHash.Argon2id, PasswordHash.Scrypt, ScramSecret {

    /** What computing it takes, in KiB. */
    int memory();

    /** Computes the hash of a password and compares. Takes long and is not interrupted. */
    boolean matches(byte[] password);

    /**
     * Reads {@code $argon2id$v=19$m=19456,t=2,p=1$salt$hash} or {@code $scrypt$ln=16,r=8,p=1$salt$hash}, salt and hash in base64 without
     * padding; or {@code SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey} (RFC 5803).
     *
     * @param maxMemory what computing it may take, in KiB
     * @throws IllegalArgumentException if that is no such hash; its message says what is allowed and nothing of the hash
     */
    static PasswordHash parse(String text, int maxMemory) {
        if (ScramSecret.isOne(text)) {
            return ScramSecret.read(text);
        }
        Matcher argon2 = Argon2id.FORM.matcher(text);
        Matcher scrypt = Scrypt.FORM.matcher(text);
        PasswordHash hash;
        if (argon2.matches()) {
            hash = new Argon2id(number(argon2, 1), number(argon2, 2), number(argon2, 3), octets(argon2, 4),
                    octets(argon2, 5));
        } else if (scrypt.matches()) {
            hash = new Scrypt(number(scrypt, 1), number(scrypt, 2), number(scrypt, 3), octets(scrypt, 4),
                    octets(scrypt, 5));
        } else {
            throw new IllegalArgumentException(
                    "the password is not an Argon2id or scrypt hash, $argon2id$v=19$m=…,t=…,p=…$salt$hash or"
                            + " $scrypt$ln=…,r=…,p=…$salt$hash; the shell command mail:passwd makes one");
        }
        if (hash.memory() > maxMemory) {
            throw new IllegalArgumentException(
                    "the password hash takes " + hash.memory() + " KiB to compute; with this heap it may take "
                            + maxMemory + " KiB (m of Argon2id, 2^ln * r / 8 of scrypt)");
        }
        return hash;
    }

    /** Makes what SCRAM-SHA-256 needs, in the form of RFC 5803; other mechanisms can be answered by it too. */
    static String makeScram(byte[] password, SecureRandom random) {
        return ScramSecret.make(password, random);
    }

    /** Makes a new hash: Argon2id with the second set of parameters that OWASP recommends. */
    static String make(byte[] password, SecureRandom random) {
        byte[] salt = new byte[16];
        random.nextBytes(salt);
        int memory = 19_456;
        int passes = 2;
        byte[] hash = Argon2id.compute(password, salt, memory, passes, 1, 32);
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + memory + ",t=" + passes + ",p=1$" + base64.encodeToString(salt) + "$"
                + base64.encodeToString(hash);
    }

    private static int number(Matcher form, int group) {
        return Integer.parseInt(form.group(group));
    }

    private static byte[] octets(Matcher form, int group) {
        try {
            return Base64.getDecoder().decode(form.group(group));
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException("the password hash has a salt or hash that is not base64", notBase64);
        }
    }

    private static void require(boolean good, String rule) {
        if (!good) {
            throw new IllegalArgumentException("the password hash is out of range: " + rule);
        }
    }

    /** Argon2id (RFC 9106). */
    final class Argon2id implements PasswordHash {

        private static final Pattern FORM = Pattern
                .compile("\\$argon2id\\$v=19\\$m=([0-9]{1,9}),t=([0-9]{1,9}),p=([0-9]{1,9})"
                        + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{16,86})");

        private final int memory;
        private final int passes;
        private final int lanes;
        private final byte[] salt;
        private final byte[] hash;

        private Argon2id(int memory, int passes, int lanes, byte[] salt, byte[] hash) {
            require(lanes >= 1 && lanes <= 64 && passes >= 1 && passes <= 100 && memory >= 8 * lanes,
                    "of Argon2id, p is 1 to 64, t is 1 to 100, m is 8 * p or more");
            this.memory = memory;
            this.passes = passes;
            this.lanes = lanes;
            this.salt = salt;
            this.hash = hash;
        }

        @Override
        public int memory() {
            return memory;
        }

        @Override
        public boolean matches(byte[] password) {
            return MessageDigest.isEqual(hash, compute(password, salt, memory, passes, lanes, hash.length));
        }

        @Override
        public String toString() {
            return "Argon2id";
        }

        private static byte[] compute(byte[] password, byte[] salt, int memory, int passes, int lanes, int length) {
            Argon2BytesGenerator generator = new Argon2BytesGenerator();
            generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(memory).withIterations(passes).withParallelism(lanes).withSalt(salt).build());
            byte[] hash = new byte[length];
            generator.generateBytes(password, hash);
            return hash;
        }
    }

    /** scrypt (RFC 7914). */
    final class Scrypt implements PasswordHash {

        private static final Pattern FORM = Pattern.compile("\\$scrypt\\$ln=([0-9]{1,2}),r=([0-9]{1,4}),p=([0-9]{1,4})"
                + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{16,86})");

        private final int cost;
        private final int blockSize;
        private final int lanes;
        private final byte[] salt;
        private final byte[] hash;

        private Scrypt(int logCost, int blockSize, int lanes, byte[] salt, byte[] hash) {
            require(logCost >= 1 && logCost <= 24 && blockSize >= 1 && blockSize <= 64 && lanes >= 1 && lanes <= 64,
                    "of scrypt, ln is 1 to 24, r is 1 to 64, p is 1 to 64");
            // RFC 7914 section 2: N is less than 2^(128 * r / 8)
            require(blockSize > 1 || logCost < 16, "of scrypt, ln is less than 16 where r is 1");
            this.cost = 1 << logCost;
            this.blockSize = blockSize;
            this.lanes = lanes;
            this.salt = salt;
            this.hash = hash;
        }

        // 128 * N * r octets (RFC 7914 section 5)
        @Override
        public int memory() {
            return Math.toIntExact(Math.max(1, (long) cost * blockSize / 8));
        }

        @Override
        public boolean matches(byte[] password) {
            return MessageDigest.isEqual(hash, SCrypt.generate(password, salt, cost, blockSize, lanes, hash.length));
        }

        @Override
        public String toString() {
            return "scrypt";
        }
    }
}
