package org.staffetta.acme;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates of an authority that asks no questions. */
final class Issuing {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final KeyPair OWN = KeyKind.EC256.generate(RANDOM);

    private Issuing() {}

    static X509Certificate certificate(List<String> names, PublicKey key, Instant begin, Instant end) {
        X500Name issuer = new X500Name("CN=authority.test");
        try {
            var builder = new JcaX509v3CertificateBuilder(issuer, new BigInteger(100, RANDOM).setBit(0),
                    Date.from(begin), Date.from(end), new X500Name("CN=" + names.getFirst()), key);
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(
                    names.stream().map(name -> new GeneralName(GeneralName.dNSName, name))
                            .toArray(GeneralName[]::new)));
            // ARI names a certificate by it
            builder.addExtension(Extension.authorityKeyIdentifier, false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(OWN.getPublic()));
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(OWN.getPrivate())));
        } catch (CertIOException | GeneralSecurityException | OperatorCreationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
