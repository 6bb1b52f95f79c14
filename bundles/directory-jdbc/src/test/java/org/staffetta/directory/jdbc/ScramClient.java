package org.staffetta.directory.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.session.Session;

/** A client of SCRAM-SHA-256, by the Java VM's own PBKDF2. */
record ScramClient(String name, String password) implements Dialogue {

    private String bare() {
        return "n=" + name + ",r=fyko+d2lbbFgONRv9qkx";
    }

    @Override
    public String mechanism() {
        return "SCRAM-SHA-256";
    }

    @Override
    public Session session() {
        throw new UnsupportedOperationException("nothing is bound");
    }

    @Override
    public byte[] first() {
        return ("n,," + bare()).getBytes(UTF_8);
    }

    @Override
    public byte[] ask(byte[] challenge) {
        String said = new String(challenge, UTF_8);
        return said.startsWith("v=") ? new byte[0] : proof(said).getBytes(UTF_8);
    }

    private String proof(String serverFirst) {
        String[] parts = serverFirst.split(",", -1);
        String unproved = "c=biws," + parts[0];
        try {
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password.toCharArray(),
                            Base64.getDecoder().decode(parts[1].substring(2)), Integer.parseInt(parts[2].substring(2)),
                            256))
                    .getEncoded();
            byte[] key = hmac(salted, "Client Key");
            byte[] signature = hmac(MessageDigest.getInstance("SHA-256").digest(key),
                    bare() + "," + serverFirst + "," + unproved);
            for (int i = 0; i < key.length; i++) {
                key[i] ^= signature[i];
            }
            return unproved + ",p=" + Base64.getEncoder().encodeToString(key);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }
}
