package org.staffetta.deploy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.staffetta.api.deploy.DeploymentException;

/** The certificates of those whose signature counts, or of who certified them. */
final class TrustStore {

    private static final List<String> FOR_CODE = List.of("1.3.6.1.5.5.7.3.3", "2.5.29.37.0"); // RFC 5280 section 4.2.1.12

    private final Set<X509Certificate> trusted;

    private TrustStore(Set<X509Certificate> trusted) {
        this.trusted = trusted;
    }

    /**
     * Reads a PEM or PKCS#12 file.
     *
     * @throws DeploymentException if it cannot be read or holds no certificate: then nobody can be trusted
     */
    static TrustStore read(Path file, String password) throws DeploymentException {
        Set<X509Certificate> certificates = new HashSet<>();
        try {
            for (Certificate certificate : isPem(file) ? pem(file) : pkcs12(file, password)) {
                if (certificate instanceof X509Certificate x509) {
                    certificates.add(x509);
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new DeploymentException("deploy.trust.store " + file + " cannot be read, so no jar is trusted: "
                    + Bounded.reason(e), e);
        }
        if (certificates.isEmpty()) {
            throw new DeploymentException("deploy.trust.store " + file + " holds no certificate, so no jar is trusted");
        }
        return new TrustStore(certificates);
    }

    /**
     * Sees that somebody who is trusted has signed all of a jar.
     *
     * @return who
     * @throws DeploymentException if nobody has; the message says what is wrong
     */
    String check(Path path) throws DeploymentException {
        Set<CodeSigner> signers = new HashSet<>();
        try (JarFile jar = new JarFile(path.toFile(), true, JarFile.OPEN_READ, Runtime.version())) {
            requireAllThere(jar);
            boolean first = true;
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (entry.isDirectory() || isOfSignature(entry.getName())) {
                    continue;
                }
                Set<CodeSigner> own = trustedSigners(jar, entry);
                if (first) {
                    signers.addAll(own);
                }
                first = false;
                signers.retainAll(own);
                if (signers.isEmpty()) {
                    throw new DeploymentException("its entries are signed by different people");
                }
            }
        } catch (SecurityException e) {
            throw new DeploymentException(
                    "its signature is wrong: " + Bounded.firstLine(String.valueOf(e.getMessage())), e);
        } catch (IOException e) {
            throw new DeploymentException("its signature cannot be read: " + e.getMessage(), e);
        }
        return signers.stream().map(TrustStore::subject).sorted().findFirst()
                .orElseThrow(() -> new DeploymentException("it holds nothing that is signed"));
    }

    // whoever leaves a signed entry out has changed the jar too
    private static void requireAllThere(JarFile jar) throws IOException, DeploymentException {
        Manifest manifest = jar.getManifest();
        if (manifest != null) {
            for (String name : manifest.getEntries().keySet()) {
                if (jar.getEntry(name) == null) {
                    throw new DeploymentException("the entry " + name + ", which was signed, is not there");
                }
            }
        }
    }

    // the signers of an entry are known when it was read to its end
    private Set<CodeSigner> trustedSigners(JarFile jar, JarEntry entry) throws IOException, DeploymentException {
        try (InputStream in = jar.getInputStream(entry)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        CodeSigner[] signers = entry.getCodeSigners();
        if (signers == null) {
            throw new DeploymentException("it is not signed (" + entry.getName()
                    + "), but deploy.trust.store wants each jar signed by somebody trusted");
        }
        Set<CodeSigner> own = Arrays.stream(signers).filter(this::isTrusted).collect(Collectors.toSet());
        if (own.isEmpty()) {
            throw new DeploymentException("it is signed by " + subject(signers[0])
                    + ", who is not trusted by deploy.trust.store, or whose certificate is not valid now");
        }
        return own;
    }

    private boolean isTrusted(CodeSigner signer) {
        Date date = Optional.ofNullable(signer.getTimestamp()).map(stamp -> stamp.getTimestamp()).orElseGet(Date::new);
        List<X509Certificate> path = new ArrayList<>();
        signer.getSignerCertPath().getCertificates().forEach(one -> path.add((X509Certificate) one));
        try {
            if (trusted.contains(path.getFirst())) {
                path.getFirst().checkValidity(date);
                return true;
            }
            return isForCode(path.getFirst()) && leadsToTrusted(path, date);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private boolean leadsToTrusted(List<X509Certificate> path, Date date) throws GeneralSecurityException {
        List<X509Certificate> below = path.stream().takeWhile(certificate -> !trusted.contains(certificate)).toList();
        CertPath chain = CertificateFactory.getInstance("X.509").generateCertPath(below);
        PKIXParameters parameters = new PKIXParameters(
                trusted.stream().map(certificate -> new TrustAnchor(certificate, null)).collect(Collectors.toSet()));
        parameters.setRevocationEnabled(false);
        parameters.setDate(date);
        CertPathValidator.getInstance("PKIX").validate(chain, parameters);
        return true;
    }

    // who may sign for a web server may not for code
    private static boolean isForCode(X509Certificate certificate) throws CertificateException {
        List<String> uses = certificate.getExtendedKeyUsage();
        return uses == null || uses.stream().anyMatch(FOR_CODE::contains);
    }

    private static String subject(CodeSigner signer) {
        return ((X509Certificate) signer.getSignerCertPath().getCertificates().getFirst()).getSubjectX500Principal()
                .getName();
    }

    // what the signature itself consists of cannot be signed (JAR File Specification, "Signed JAR File")
    private static boolean isOfSignature(String entry) {
        String name = entry.toUpperCase(Locale.ROOT);
        return name.startsWith("META-INF/") && name.indexOf('/', 9) < 0
                && (name.equals("META-INF/MANIFEST.MF") || name.endsWith(".SF") || name.endsWith(".RSA")
                        || name.endsWith(".DSA") || name.endsWith(".EC") || name.startsWith("META-INF/SIG-"));
    }

    private static boolean isPem(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                .contains("-----BEGIN CERTIFICATE-----");
    }

    private static Iterable<? extends Certificate> pem(Path file) throws IOException, CertificateException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
    }

    private static List<Certificate> pkcs12(Path file, String password) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            store.load(in, password.toCharArray());
        }
        List<Certificate> certificates = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            certificates.add(store.getCertificate(alias));
        }
        return certificates;
    }
}
