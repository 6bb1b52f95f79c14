package org.staffetta.console;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Lets in who knows the password, and slows down who guesses.
 *
 * <p>A browser sends the password with each request, and an Argon2id hash costs time and 19 MB. So what has been right is recognised by its keyed digest, and
 * only one password at a time is hashed.
 */
final class Gate {
    private static final int FREE_FAILURES = 3;
    private static final long SECOND = 1_000_000_000L;
    private static final int LONGEST_PAUSE_SECONDS = 60;
    private static final int LONGEST_PASSWORD = 256;

    private final PasswordHash hash;
    private final LongSupplier nanoTime;
    private final byte[] key = new byte[32];
    private final ReentrantLock lock = new ReentrantLock();
    private volatile byte[] known = {};
    private int failures;
    private long closedUntil;

    Gate(PasswordHash hash, SecureRandom random, LongSupplier nanoTime) {
        this.hash = hash;
        this.nanoTime = nanoTime;
        random.nextBytes(key);
        closedUntil = nanoTime.getAsLong();
    }

    /** Whether a password is right. */
    enum Answer {
        /** It is. */
        RIGHT,
        /** It is not. */
        WRONG,
        /** It was not looked at: too many have been wrong lately, or another one is being looked at. */
        LATER
    }

    Answer check(String password) {
        if (password.length() > LONGEST_PASSWORD) {
            return Answer.WRONG;
        }
        byte[] digest = digest(password);
        if (MessageDigest.isEqual(digest, known)) {
            return Answer.RIGHT;
        }
        if (!lock.tryLock()) {
            return Answer.LATER;
        }
        try {
            return checkSlowly(password, digest);
        } finally {
            lock.unlock();
        }
    }

    private Answer checkSlowly(String password, byte[] digest) {
        if (nanoTime.getAsLong() - closedUntil < 0) {
            return Answer.LATER;
        }
        if (hash.matches(password)) {
            known = digest;
            failures = 0;
            return Answer.RIGHT;
        }
        failures++;
        if (failures >= FREE_FAILURES) {
            int pause = Math.min(LONGEST_PAUSE_SECONDS, 1 << Math.min(failures - FREE_FAILURES, 10));
            closedUntil = nanoTime.getAsLong() + pause * SECOND;
        }
        return Answer.WRONG;
    }

    private byte[] digest(String password) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(password.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
