package org.staffetta.auth.oauth;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Public keys in textual form (RFC 7468): as they are, or in certificates, of which nothing else counts. */
final class Pem {

    private static final Pattern BLOCK = Pattern
            .compile("-----BEGIN (PUBLIC KEY|CERTIFICATE)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final List<String> KINDS = List.of("RSA", "EC", "EdDSA");

    private Pem() {}

    static List<Keys.Key> keys(String text) {
        List<Keys.Key> keys = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        try {
            while (block.find()) {
                byte[] octets = Base64.getMimeDecoder().decode(block.group(2));
                PublicKey key = block.group(1).equals("CERTIFICATE") ? ofCertificate(octets) : key(octets);
                keys.add(new Keys.Key(key, "", ""));
            }
            return keys;
        } catch (GeneralSecurityException | IllegalArgumentException wrong) {
            throw new IllegalArgumentException("a key in it cannot be read: allowed are RSA, EC and Ed25519", wrong);
        }
    }

    private static PublicKey ofCertificate(byte[] octets) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(octets))
                .getPublicKey();
    }

    // the kind stands in the octets, and each factory knows only its own
    private static PublicKey key(byte[] octets) throws GeneralSecurityException {
        for (String kind : KINDS) {
            try {
                return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(octets));
            } catch (InvalidKeySpecException another) {
                // of another kind
            }
        }
        throw new InvalidKeySpecException("of no kind that is known");
    }
}
