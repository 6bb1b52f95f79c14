package org.staffetta.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a server keeps of a password for SCRAM-SHA-256 (RFC 5802, RFC 7677): enough to check a proof, not to make one. It shows nothing of itself.
 *
 * <p>It is written {@code SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>}, in base64 (RFC 5803 section 3).
 */
public final class ScramSecret implements PasswordHash {

    private static final Pattern FORM = Pattern.compile("SCRAM-SHA-256\\$([0-9]{4,7}):([A-Za-z0-9+/]{8,88}={0,2})"
            + "\\$([A-Za-z0-9+/]{43}=):([A-Za-z0-9+/]{43}=)");
    // RFC 7677 section 4 asks for 4096 at least; a client computes them all
    private static final int LEAST = 4096;
    private static final int MOST = 1_000_000;
    private static final int USUAL = 65_536;
    private static final int SALT = 16;

    private final int iterations;
    private final byte[] salt;
    private final byte[] storedKey;
    private final byte[] serverKey;

    private ScramSecret(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
        this.iterations = iterations;
        this.salt = salt;
        this.storedKey = storedKey;
        this.serverKey = serverKey;
    }

    static boolean isOne(String text) {
        return text.startsWith("SCRAM-");
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException if it is none; the message holds nothing of it
     */
    static ScramSecret read(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("the password is not of the form"
                    + " SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey; the shell command mail:passwd --scram makes one");
        }
        int iterations = Integer.parseInt(form.group(1));
        if (iterations < LEAST || iterations > MOST) {
            throw new IllegalArgumentException("the iterations of SCRAM-SHA-256 are " + LEAST + " to " + MOST);
        }
        Base64.Decoder base64 = Base64.getDecoder();
        try {
            return new ScramSecret(iterations, base64.decode(form.group(2)), base64.decode(form.group(3)),
                    base64.decode(form.group(4)));
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException("the salt of SCRAM-SHA-256 is not base64", notBase64);
        }
    }

    /** Of a password, as {@link Login#prepare} gives it. */
    static ScramSecret of(byte[] password, byte[] salt, int iterations) {
        byte[] salted = salted(password, salt, iterations);
        return new ScramSecret(iterations, salt, sha256(hmac(salted, "Client Key".getBytes(US_ASCII))),
                hmac(salted, "Server Key".getBytes(US_ASCII)));
    }

    /** Makes what stands in a file. */
    static String make(byte[] password, SecureRandom random) {
        byte[] salt = new byte[SALT];
        random.nextBytes(salt);
        return of(password, salt, USUAL).text();
    }

    /** For somebody who is not there: always the same for the same name, and no proof fits. */
    static ScramSecret nobody(byte[] secret, String name) {
        byte[] seed = hmac(secret, name.getBytes(UTF_8));
        byte[] salt = Arrays.copyOf(seed, SALT);
        return new ScramSecret(USUAL, salt, hmac(secret, seed), hmac(secret, salt));
    }

    /** The first message of the server, without the nonce. */
    String terms() {
        return "s=" + Base64.getEncoder().encodeToString(salt) + ",i=" + iterations;
    }

    /** Whether the client proved that it knows the password (RFC 5802 section 3). */
    boolean isProof(byte[] proof, byte[] authMessage) {
        byte[] signature = hmac(storedKey, authMessage);
        if (proof.length != signature.length) {
            return false;
        }
        byte[] clientKey = new byte[proof.length];
        for (int i = 0; i < proof.length; i++) {
            clientKey[i] = (byte) (proof[i] ^ signature[i]);
        }
        return MessageDigest.isEqual(sha256(clientKey), storedKey);
    }

    /** By what the client knows that the server knows it too. */
    byte[] serverSignature(byte[] authMessage) {
        return hmac(serverKey, authMessage);
    }

    @Override
    public int memory() {
        return 1;
    }

    @Override
    public boolean matches(byte[] password) {
        return MessageDigest.isEqual(storedKey, of(password, salt, iterations).storedKey);
    }

    @Override
    public String toString() {
        return "SCRAM-SHA-256";
    }

    private String text() {
        Base64.Encoder base64 = Base64.getEncoder();
        return "SCRAM-SHA-256$" + iterations + ":" + base64.encodeToString(salt) + "$"
                + base64.encodeToString(storedKey) + ":" + base64.encodeToString(serverKey);
    }

    // Hi of RFC 5802 section 2.2; the Java VM's own PBKDF2 takes characters, and no empty password
    private static byte[] salted(byte[] password, byte[] salt, int iterations) {
        try {
            Mac mac = mac(password);
            mac.update(salt);
            byte[] round = mac.doFinal(new byte[]{0, 0, 0, 1});
            byte[] sum = round.clone();
            for (int i = 1; i < iterations; i++) {
                round = mac.doFinal(round);
                for (int j = 0; j < sum.length; j++) {
                    sum[j] ^= round[j];
                }
            }
            return sum;
        } catch (GeneralSecurityException absent) {
            throw new IllegalStateException("every Java has HMAC-SHA-256", absent);
        }
    }

    static byte[] hmac(byte[] key, byte[] text) {
        try {
            return mac(key).doFinal(text);
        } catch (GeneralSecurityException absent) {
            throw new IllegalStateException("every Java has HMAC-SHA-256", absent);
        }
    }

    // an empty key is one zero octet: HMAC fills it up with zeros anyway (RFC 2104 section 2)
    private static Mac mac(byte[] key) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HmacSHA256"));
        return mac;
    }

    private static byte[] sha256(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(octets);
        } catch (GeneralSecurityException absent) {
            throw new IllegalStateException("every Java has SHA-256", absent);
        }
    }
}
