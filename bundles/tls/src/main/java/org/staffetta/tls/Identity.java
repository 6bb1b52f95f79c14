package org.staffetta.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/**
 * A certificate with its key, checked to belong together.
 *
 * @param name how the configuration calls it
 * @param source where it came from
 * @param names the host names that it is for, in lower case
 * @param chain ours first, each issued by the next
 * @param key secret
 */
record Identity(String name, String source, Set<String> names, List<X509Certificate> chain, PrivateKey key) {

    private static final int DNS_NAME = 2;

    /**
     * Finds the certificate that belongs to the key, and its chain.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Identity of(String name, String source, List<X509Certificate> certificates, PrivateKey key) {
        X509Certificate own = certificates.stream().filter(one -> belongs(one, key)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the private key is not that of the certificate"));
        return new Identity(name, source, names(own), chain(own, certificates), key);
    }

    X509Certificate certificate() {
        return chain.getFirst();
    }

    Instant until() {
        return certificate().getNotAfter().toInstant();
    }

    /** EC, RSA or EdDSA. */
    String algorithm() {
        return certificate().getPublicKey().getAlgorithm();
    }

    /** Without the key. */
    @Override
    public String toString() {
        return name + " " + names;
    }

    private static List<X509Certificate> chain(X509Certificate own, List<X509Certificate> certificates) {
        List<X509Certificate> chain = new ArrayList<>(List.of(own));
        Optional<X509Certificate> next = issuer(own, certificates);
        while (next.isPresent() && !chain.contains(next.get())) {
            chain.add(next.get());
            next = issuer(next.get(), certificates);
        }
        return List.copyOf(chain);
    }

    private static Optional<X509Certificate> issuer(X509Certificate of, List<X509Certificate> certificates) {
        return certificates.stream()
                .filter(one -> one.getSubjectX500Principal().equals(of.getIssuerX500Principal())).findFirst();
    }

    // what the one signs the other must verify
    private static boolean belongs(X509Certificate certificate, PrivateKey key) {
        String algorithm = switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
        try {
            byte[] sample = {1, 2, 3};
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(sample);
            byte[] signed = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certificate.getPublicKey());
            verifier.update(sample);
            return verifier.verify(signed);
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    // the subject's common name only where there is no other (RFC 6125 section 6.4.4)
    private static Set<String> names(X509Certificate certificate) {
        Set<String> names = new LinkedHashSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (alternative.get(0).equals(DNS_NAME)) {
                    names.add(String.valueOf(alternative.get(1)).toLowerCase(Locale.ROOT));
                }
            }
            if (names.isEmpty()) {
                new LdapName(certificate.getSubjectX500Principal().getName()).getRdns().stream()
                        .filter(part -> part.getType().equalsIgnoreCase("CN"))
                        .forEach(part -> names.add(String.valueOf(part.getValue()).toLowerCase(Locale.ROOT)));
            }
        } catch (CertificateParsingException | InvalidNameException odd) {
            throw new IllegalArgumentException("the names in the certificate cannot be read", odd);
        }
        return Set.copyOf(names);
    }
}
