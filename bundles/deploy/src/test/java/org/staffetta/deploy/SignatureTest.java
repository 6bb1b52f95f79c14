package org.staffetta.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.deploy.DeploymentException;
import org.staffetta.deploy.sample.good.Good;

/** With a trust store, only what somebody trusted has signed comes in. */
class SignatureTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path keys;
    private static KeyStore store;

    @TempDir
    private Path folder;
    private Path jar;

    /** Alice and Mallory certify themselves; Bob is certified by Carol, who may do that; Dave has had his day, and Trent signs for web servers only. */
    @BeforeAll
    static void makeKeys() throws Exception {
        generate("alice");
        generate("mallory");
        generate("carol", "-ext", "bc:c");
        generate("bob", "-signer", "carol");
        generate("trent", "-signer", "carol", "-ext", "eku=serverAuth");
        generate("dave", "-startdate", "-3y", "-validity", "365");
        store = KeyStore.getInstance(keys.resolve("keys.p12").toFile(), PASSWORD);
    }

    private static void generate(String who, String... more) throws Exception {
        List<String> line = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                "-genkeypair", "-alias", who, "-dname", "CN=" + who, "-keyalg", "EC", "-groupname", "secp256r1",
                "-keystore", keys.resolve("keys.p12").toString(), "-storepass", new String(PASSWORD)));
        line.addAll(List.of(more));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    @BeforeEach
    void makeJar() throws Exception {
        jar = Jars.jar(folder, "x", "1.0.0", Good.class);
    }

    private void sign(String who) throws Exception {
        PrivateKey key = (PrivateKey) store.getKey(who, PASSWORD);
        JarSigner signer = new JarSigner.Builder(key, CertificateFactory.getInstance("X.509")
                .generateCertPath(List.of(store.getCertificateChain(who)))).signerName(who).build();
        ByteArrayOutputStream signed = new ByteArrayOutputStream();
        try (ZipFile plain = new ZipFile(jar.toFile())) {
            signer.sign(plain, signed);
        }
        Files.write(jar, signed.toByteArray());
    }

    private Path pem(String... trusted) throws Exception {
        StringBuilder text = new StringBuilder("# those whom we trust\n");
        for (String who : trusted) {
            text.append("-----BEGIN CERTIFICATE-----\n")
                    .append(Base64.getMimeEncoder().encodeToString(store.getCertificate(who).getEncoded()))
                    .append("\n-----END CERTIFICATE-----\n");
        }
        return Files.writeString(folder.resolve("trusted.pem"), text);
    }

    private String check(Path trusted) throws DeploymentException {
        return TrustStore.read(trusted, new String(PASSWORD)).check(jar);
    }

    @Test
    void who_is_trusted_may() throws Exception {
        sign("alice");
        assertThat(check(pem("mallory", "alice"))).isEqualTo("CN=alice");
    }

    @Test
    void who_is_certified_by_somebody_trusted_may() throws Exception {
        sign("bob");
        assertThat(check(pem("carol"))).isEqualTo("CN=bob");
    }

    @Test
    void the_trusted_may_be_in_a_pkcs12_file() throws Exception {
        sign("alice");
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        Certificate alice = store.getCertificate("alice");
        trusted.setCertificateEntry("alice", alice);
        Path file = folder.resolve("trusted.p12");
        try (var out = Files.newOutputStream(file)) {
            trusted.store(out, PASSWORD);
        }
        assertThat(check(file)).isEqualTo("CN=alice");
        assertThatThrownBy(() -> TrustStore.read(file, "wrong")).hasMessageContaining("so no jar is trusted");
    }

    @Test
    void who_is_not_trusted_may_not() throws Exception {
        sign("mallory");
        Path trusted = pem("alice", "carol");
        assertThatThrownBy(() -> check(trusted))
                .hasMessageStartingWith("it is signed by CN=mallory, who is not trusted by deploy.trust.store");
    }

    @Test
    void whose_certificate_is_not_valid_any_more_may_not() throws Exception {
        sign("dave");
        Path trusted = pem("dave");
        assertThatThrownBy(() -> check(trusted)).hasMessageContaining("whose certificate is not valid now");
    }

    @Test
    void a_certificate_for_web_servers_is_not_for_code() throws Exception {
        sign("trent");
        Path trusted = pem("carol");
        assertThatThrownBy(() -> check(trusted)).hasMessageContaining("who is not trusted");
    }

    @Test
    void what_is_not_signed_may_not() throws Exception {
        Path trusted = pem("alice");
        assertThatThrownBy(() -> check(trusted)).hasMessageStartingWith("it is not signed (");
    }

    @Test
    void an_entry_that_was_added_is_found() throws Exception {
        sign("alice");
        JarEdits.add(jar, "org/example/More.class");
        Path trusted = pem("alice");
        assertThatThrownBy(() -> check(trusted)).hasMessageStartingWith("it is not signed (org/example/More.class)");
    }

    @Test
    void an_entry_below_META_INF_that_was_added_is_found() throws Exception {
        sign("alice");
        JarEdits.add(jar, "META-INF/versions/25/org/staffetta/deploy/sample/good/Good.class");
        Path trusted = pem("alice");
        assertThatThrownBy(() -> check(trusted)).hasMessageStartingWith("it is not signed (META-INF/versions/25/");
    }

    @Test
    void an_entry_that_was_changed_is_found() throws Exception {
        sign("alice");
        JarEdits.edit(jar, (name, octets) -> {
            if (name.endsWith(".class")) {
                octets[octets.length - 1] ^= 1;
            }
            return octets;
        });
        Path trusted = pem("alice");
        assertThatThrownBy(() -> check(trusted)).hasMessageStartingWith("its signature is wrong: ");
    }

    @Test
    void an_entry_that_was_taken_out_is_found() throws Exception {
        sign("alice");
        JarEdits.remove(jar, "Good.class");
        Path trusted = pem("alice");
        assertThatThrownBy(() -> check(trusted)).hasMessageEndingWith("Good.class, which was signed, is not there");
    }

    @Test
    void without_anybody_to_trust_nobody_is_trusted() throws Exception {
        sign("alice");
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        assertThatThrownBy(() -> check(empty)).hasMessageContaining("so no jar is trusted");
        assertThatThrownBy(() -> check(folder.resolve("none.pem"))).hasMessageContaining("so no jar is trusted");
    }
}
