package org.staffetta.acme;

import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The certificate that answers one challenge by TLS (RFC 8737 section 3): self-signed, for one domain, with the digest of the authorization in it. It and
 * its key are good for nothing else.
 */
final class Proof {

    /** id-pe-acmeIdentifier (RFC 8737 section 6.1). */
    static final String IDENTIFIER = "1.3.6.1.5.5.7.1.31";

    private static final Duration LIFE = Duration.ofDays(7);
    private static final Duration CLOCK_SKEW = Duration.ofDays(1);
    private static final int SERIAL_BITS = 120;

    private final String domain;
    private final KeyPair keys;
    private final X509Certificate certificate;

    Proof(String domain, byte[] digest, SecureRandom random) {
        this.domain = domain;
        this.keys = KeyKind.EC256.generate(random);
        X500Name name = new X500Name("CN=acme.invalid");
        Instant now = Instant.now();
        try {
            var builder = new JcaX509v3CertificateBuilder(name, new BigInteger(SERIAL_BITS, random).setBit(0),
                    Date.from(now.minus(CLOCK_SKEW)), Date.from(now.plus(LIFE)), name, keys.getPublic());
            builder.addExtension(Extension.subjectAlternativeName, false,
                    new GeneralNames(new GeneralName(GeneralName.dNSName, domain)));
            builder.addExtension(new ASN1ObjectIdentifier(IDENTIFIER), true, new DEROctetString(digest));
            this.certificate = new JcaX509CertificateConverter().getCertificate(builder.build(
                    new JcaContentSignerBuilder("SHA256withECDSA").setSecureRandom(random).build(keys.getPrivate())));
        } catch (IOException | CertificateException | OperatorCreationException impossible) {
            throw new IllegalStateException("this Java VM cannot make an EC certificate", impossible);
        }
    }

    String domain() {
        return domain;
    }

    KeyPair keys() {
        return keys;
    }

    X509Certificate certificate() {
        return certificate;
    }
}
