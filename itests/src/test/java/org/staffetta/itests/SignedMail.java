package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Messages with a signature (DKIM) and a sealed chain (ARC), made here by hand: what says that they are good is not what made them. */
final class SignedMail {

    private static final String BODY = "It is me.\r\n";
    private static final String COVERED = "from:to:subject:date:message-id";

    private final KeyPair keys;

    SignedMail() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        keys = generator.generateKeyPair();
    }

    /** The key as it stands in DNS, in base64. */
    String publicKey() {
        return Base64.getEncoder().encodeToString(keys.getPublic().getEncoded());
    }

    /** A message by an author of the domain, signed and sealed in its name with the selector {@code s1}, without the final line end. */
    String from(String author, String to, String domain) throws GeneralSecurityException {
        List<String> fields = List.of("From: <" + author + ">", "To: <" + to + ">", "Subject: who is it from",
                "Date: Sat, 28 Nov 2026 10:00:00 +0000", "Message-ID: <1@" + domain + ">");
        String hash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(BODY.getBytes(US_ASCII)));
        String terms = "a=rsa-sha256; c=relaxed/relaxed; d=" + domain + "; s=s1; h=" + COVERED + "; bh=" + hash
                + "; b=";
        String signature = signed("DKIM-Signature: v=1; " + terms, fields);
        String results = "ARC-Authentication-Results: i=1; " + domain + "; none";
        String messageSignature = signed("ARC-Message-Signature: i=1; " + terms, fields);
        String seal = signed("ARC-Seal: i=1; a=rsa-sha256; cv=none; d=" + domain + "; s=s1; b=",
                List.of(results, messageSignature));
        return String.join("\r\n", seal, messageSignature, results, signature) + "\r\n" + String.join("\r\n", fields)
                + "\r\n\r\n" + BODY.stripTrailing();
    }

    // RFC 6376 section 3.7: the fields that are covered, then this one with an empty b=
    private String signed(String field, List<String> covered) throws GeneralSecurityException {
        StringBuilder text = new StringBuilder();
        covered.forEach(one -> text.append(relaxed(one)).append("\r\n"));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(keys.getPrivate());
        signature.update(text.append(relaxed(field)).toString().getBytes(US_ASCII));
        return field + Base64.getEncoder().encodeToString(signature.sign());
    }

    // RFC 6376 section 3.4.2, for fields on one line with single spaces
    private static String relaxed(String field) {
        int colon = field.indexOf(':');
        return field.substring(0, colon).toLowerCase(Locale.ROOT) + ":" + field.substring(colon + 1).strip();
    }
}
