package org.staffetta.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The certificate that a server makes for itself when it has no other: EC P-256, for its host name. Servers that send mail do not ask for more; people's
 * mail programs do. It is renewed before it ends and when the host name changes, with the same key.
 */
final class SelfSigned {

    static final String NAME = "self-signed";

    private static final String FILE = "self-signed.pem";
    private static final Duration LIFE = Duration.ofDays(5 * 365);
    private static final Duration RENEWAL = Duration.ofDays(60);
    private static final Duration CLOCK_SKEW = Duration.ofDays(1);
    private static final int SERIAL_BITS = 120;

    private final Path folder;
    private final SecureRandom random;

    /**
     * Does nothing yet.
     *
     * @param folder where it is kept, made if it is not there
     */
    SelfSigned(Path folder, SecureRandom random) {
        this.folder = folder;
        this.random = random;
    }

    /**
     * That which there is, or a new one.
     *
     * @throws IOException if it cannot be kept
     */
    Identity identity(String hostname, Instant now) throws IOException {
        Path file = folder.resolve(FILE);
        Optional<Identity> old = old(file);
        String name = hostname.toLowerCase(Locale.ROOT);
        if (old.isPresent() && old.get().names().equals(Set.of(name))
                && old.get().until().isAfter(now.plus(RENEWAL))) {
            return old.get();
        }
        try {
            KeyPair keys = old.map(one -> new KeyPair(one.certificate().getPublicKey(), one.key()))
                    .orElseGet(this::keys);
            String pem = pem(keys, certificate(keys, name, now));
            write(file, pem);
            return PemContent.of(pem.getBytes(StandardCharsets.US_ASCII), "").identity(NAME, file.toString());
        } catch (GeneralSecurityException | OperatorCreationException impossible) {
            throw new IllegalStateException("this Java VM cannot make an EC key", impossible);
        }
    }

    private static Optional<Identity> old(Path file) {
        try {
            return Optional.of(new IdentityFiles(file.toString(), "", "").read(file.resolveSibling(""), NAME));
        } catch (IOException | IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    private KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java VM cannot make an EC key", impossible);
        }
    }

    private X509Certificate certificate(KeyPair keys, String name, Instant now)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        PublicKey key = keys.getPublic();
        var subject = new X500NameBuilder().addRDN(BCStyle.CN, name).build();
        var builder = new JcaX509v3CertificateBuilder(subject, new BigInteger(SERIAL_BITS, random).setBit(0),
                Date.from(now.minus(CLOCK_SKEW)), Date.from(now.plus(LIFE)), subject, key);
        builder.addExtension(Extension.subjectAlternativeName, false,
                new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        return new JcaX509CertificateConverter().getCertificate(builder
                .build(new JcaContentSignerBuilder("SHA256withECDSA").setSecureRandom(random)
                        .build(keys.getPrivate())));
    }

    private static String pem(KeyPair keys, X509Certificate certificate) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(new JcaPKCS8Generator(keys.getPrivate(), null));
            writer.writeObject(certificate);
        }
        return text.toString();
    }

    // for its owner only, from the first moment on; whole or not at all
    private void write(Path file, String pem) throws IOException {
        if (!Files.exists(folder)) {
            Files.createDirectories(folder,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Path part = file.resolveSibling(FILE + ".new");
        Files.deleteIfExists(part);
        try (FileChannel channel = FileChannel.open(part,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer octets = ByteBuffer.wrap(pem.getBytes(StandardCharsets.US_ASCII));
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
