package org.staffetta.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.staffetta.api.tls.CertificateStatus;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.tls.TlsConnection;

class CertificatesTest {

    @TempDir
    Path folder;

    private final SecureRandom random = new SecureRandom();

    @ParameterizedTest
    @CsvSource({"one.test,one.test", "TWO.test,two.test", "a.wild.test,*.wild.test", "a.b.wild.test,one.test",
            "wild.test,one.test", "elsewhere.test,one.test", "'',one.test"})
    void theNameThatIsAskedForDecides(String asked, String shown) throws Exception {
        theNameDecides("jsse", asked, shown);
        theNameDecides("bcjsse", asked, shown);
    }

    private void theNameDecides(String provider, String asked, String shown) throws Exception {
        Map<String, IdentityFiles> files = new HashMap<>();
        files.put("a", pem("one.test", Instant.now()));
        files.put("b", pkcs12("two.test", "secret"));
        files.put("c", pem("*.wild.test", Instant.now()));
        try (Peers peers = new Peers(folder, files, "hostname=one.test", "provider=" + provider)) {
            assertThat(name(peers.shown(asked))).isEqualTo(shown);
            assertThat(peers.alarms).isEmpty();
        }
    }

    @Test
    void anOperatorSaysWhichIsPreferred() throws Exception {
        Map<String, IdentityFiles> files = Map.of("a", pem("one.test", Instant.now()), "b",
                pem("two.test", Instant.now()));
        try (Peers peers = new Peers(folder, files, "hostname=one.test", "certificate=b")) {
            assertThat(name(peers.shown(""))).isEqualTo("two.test");
        }
    }

    @Test
    void aChangedFileIsTakenAndConnectionsGoOn() throws Exception {
        IdentityFiles files = pem("one.test", Instant.now());
        try (Peers peers = new Peers(folder, Map.of("a", files))) {
            X509Certificate before = peers.shown("one.test");
            Peers.Pair pair = peers.connect();
            SSLSocket client = Peers.client(pair.client(), "one.test");
            client.startHandshake();
            TlsConnection running = pair.connection();

            pem("one.test", Instant.now().plusSeconds(5));
            peers.service.look();

            assertThat(peers.shown("one.test")).isNotEqualTo(before);
            running.output().write('x');
            assertThat(client.getInputStream().read()).isEqualTo('x');
            assertThat(peers.alarms).isEmpty();
        }
    }

    @Test
    void aRenewalThatIsHalfWrittenIsWaitedForAndABrokenOneTold() throws Exception {
        IdentityFiles files = pem("one.test", Instant.now());
        try (Peers peers = new Peers(folder, Map.of("a", files))) {
            X509Certificate before = peers.shown("one.test");
            String good = Files.readString(folder.resolve(files.file()));
            Files.writeString(folder.resolve(files.file()), good.substring(0, good.length() / 2));
            peers.service.look();
            assertThat(peers.alarms).isEmpty();
            peers.service.look();
            peers.service.look();
            peers.service.look();
            assertThat(peers.alarms).singleElement().asString().contains("certificate a").contains("serves on");
            assertThat(peers.shown("one.test")).isEqualTo(before);
            assertThat(peers.service.certificates().getFirst().problem()).isNotEmpty();

            pem("one.test", Instant.now().plusSeconds(5));
            peers.service.look();
            assertThat(peers.shown("one.test")).isNotEqualTo(before);
            assertThat(peers.service.certificates().getFirst().problem()).isEmpty();
        }
    }

    @Test
    void withoutAnyThatIsGoodTheServerMakesItsOwn() throws Exception {
        try (Peers peers = new Peers(folder, Map.of("a", new IdentityFiles("missing.pem", "", "")),
                "hostname=mx.demo.test")) {
            assertThat(name(peers.shown(""))).isEqualTo("mx.demo.test");
            assertThat(peers.alarms).singleElement().asString().contains("missing.pem");
        }
    }

    @Test
    void theOwnOneStaysAndIsRenewedWithTheSameKey() throws IOException {
        SelfSigned own = new SelfSigned(folder, random);
        Identity first = own.identity("mx.demo.test", Instant.now());
        assertThat(own.identity("mx.demo.test", Instant.now()).certificate()).isEqualTo(first.certificate());
        Identity renewed = own.identity("mx.demo.test", first.until().minus(Duration.ofDays(30)));
        assertThat(renewed.certificate()).isNotEqualTo(first.certificate());
        assertThat(renewed.certificate().getPublicKey()).isEqualTo(first.certificate().getPublicKey());
        assertThat(own.identity("mx.other.test", Instant.now()).names()).containsExactly("mx.other.test");
    }

    @Test
    void theEndOfACertificateIsToldBefore() throws Exception {
        // five years; 4 days are left
        IdentityFiles files = pem("one.test", Instant.now().minus(Duration.ofDays(5 * 365 - 4)));
        try (Peers peers = new Peers(folder, Map.of("a", files))) {
            peers.service.warn();
            peers.service.warn();
            assertThat(peers.alarms).singleElement().asString().contains("certificate a").contains("in 3 days");
            assertThat(peers.service.certificates().getFirst().problem()).contains("ends at");
        }
    }

    @Test
    void aCertificateThatIsOverDoesNotReplaceOneThatIsNot() throws Exception {
        IdentityFiles files = pem("one.test", Instant.now());
        try (Peers peers = new Peers(folder, Map.of("a", files))) {
            X509Certificate before = peers.shown("one.test");
            pem("one.test", Instant.now().minus(Duration.ofDays(6 * 365)));
            for (int i = 0; i < 3; i++) {
                peers.service.look();
            }
            assertThat(peers.shown("one.test")).isEqualTo(before);
            assertThat(peers.alarms).singleElement().asString().contains("was over");
        }
    }

    @Test
    void whatSomebodyKeepsInTheFolderIsTakenAndGoesWhenItGoes() throws Exception {
        IdentityFiles configured = pem("one.test", Instant.now());
        try (Peers peers = new Peers(folder, Map.of("a", configured), "hostname=one.test")) {
            Path kept = Files.createDirectories(folder.resolve("certificates")).resolve("mx.pem");
            peers.service.look();
            assertThat(name(peers.shown("two.test"))).isEqualTo("one.test");

            Files.move(folder.resolve(pem("two.test", Instant.now()).file()), kept);
            peers.service.look();
            assertThat(name(peers.shown("two.test"))).isEqualTo("two.test");
            assertThat(peers.service.certificates()).extracting(CertificateStatus::name).containsExactly("a", "mx");

            // a renewal, and half of another that is being written
            X509Certificate before = peers.shown("two.test");
            Files.move(folder.resolve(pem("two.test", Instant.now().plusSeconds(5)).file()), kept,
                    StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(kept.resolveSibling(".mx.pem.new"), "half");
            peers.service.look();
            assertThat(peers.shown("two.test")).isNotEqualTo(before);
            assertThat(peers.alarms).isEmpty();

            Files.delete(kept);
            peers.service.look();
            assertThat(name(peers.shown("two.test"))).isEqualTo("one.test");
        }
    }

    @Test
    void whatTheOperatorNamesCountsMoreThanTheFolder() throws Exception {
        Files.createDirectories(folder.resolve("certificates"));
        Files.move(folder.resolve(pem("two.test", Instant.now()).file()), folder.resolve("certificates/a.pem"));
        try (Peers peers = new Peers(folder, Map.of("a", pem("one.test", Instant.now())))) {
            assertThat(peers.service.certificates()).singleElement()
                    .satisfies(one -> assertThat(one.names()).containsExactly("one.test"));
        }
    }

    @Test
    void ofTwoForTheSameNameTheOneThatHoldsLongerIsShown() throws Exception {
        Instant now = Instant.now();
        Files.createDirectories(folder.resolve("certificates"));
        Files.move(folder.resolve(pem("one.test", now).file()), folder.resolve("certificates/new.pem"));
        try (Peers peers = new Peers(folder, Map.of("a", pem("one.test", now.minus(Duration.ofDays(30)))),
                "hostname=one.test")) {
            assertThat(peers.shown("one.test").getNotAfter().toInstant())
                    .isAfter(now.plus(Duration.ofDays(5 * 365 - 2)));
            assertThat(peers.shown("")).isEqualTo(peers.shown("one.test"));
        }
    }

    @Test
    void whatIsWrongWithAFileIsSaidWithoutItsSecrets() throws Exception {
        IdentityFiles one = pem("one.test", Instant.now());
        IdentityFiles two = pem("two.test", Instant.now());
        Files.writeString(folder.resolve("chain.pem"), part(one, "CERTIFICATE"));
        Files.writeString(folder.resolve("key.pem"), part(two, "PRIVATE KEY"));
        assertThatThrownBy(() -> new IdentityFiles("chain.pem", "key.pem", "").read(folder, "x"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not that of the certificate");
        assertThatThrownBy(() -> new IdentityFiles("chain.pem", "", "").read(folder, "x"))
                .hasMessageContaining("one private key");
        pkcs12("two.test", "secret");
        assertThatThrownBy(() -> new IdentityFiles("two.test.p12", "", "wrong").read(folder, "x"))
                .hasMessageContaining("password").message().doesNotContain("wrong");
    }

    @Test
    void chainAndKeyMayBeInTwoFilesAndTheKeyEncrypted() throws Exception {
        IdentityFiles one = pem("one.test", Instant.now());
        Files.writeString(folder.resolve("chain.pem"), part(one, "CERTIFICATE"));
        StringWriter key = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(key)) {
            writer.writeObject(new JcaPKCS8Generator(one.read(folder, "x").key(),
                    new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                            .setProvider(new BouncyCastleProvider()).setPassword("secret".toCharArray()).build()));
        }
        Files.writeString(folder.resolve("key.pem"), key.toString());
        assertThat(new IdentityFiles("chain.pem", "key.pem", "secret").read(folder, "x").names())
                .containsExactly("one.test");
        assertThatThrownBy(() -> new IdentityFiles("chain.pem", "key.pem", "wrong").read(folder, "x"))
                .isInstanceOf(IllegalArgumentException.class).message().doesNotContain("wrong");
    }

    @ParameterizedTest
    @ValueSource(strings = {"protocols=TLSv1.1", "protocols=SSLv3", "handshake.timeout=soon", "trust=missing.pem",
            "ciphers=TLS_NULL_WITH_NULL_NULL,TLS_AES_128_GCM_SHA256", "ciphers=TLS_AES_128_GCM_SHA256",
            "ciphers=TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "groups=", "groups=x25519,secp256r2",
            "groups=X25519MLKEM768"})
    void aWrongSettingIsRefusedWithItsName(String setting) {
        assertThatThrownBy(() -> new Peers(folder, Map.of(), setting).close())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tls." + setting.substring(0, setting.indexOf('=')));
    }

    @Test
    void aVersionOfTlsThatIsOffNeedsNoCipher() throws IOException {
        new Peers(folder, Map.of(), "protocols=TLSv1.3", "ciphers=TLS_AES_128_GCM_SHA256").close();
    }

    @Test
    void withBouncyCastleAGroupIsNeededForItsKeys() {
        assertThatThrownBy(() -> new Peers(folder, Map.of(), "provider=bcjsse", "groups=x25519").close())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("tls.groups")
                .hasMessageContaining("secp256r1");
    }

    private String part(IdentityFiles files, String kind) throws IOException {
        String text = Files.readString(folder.resolve(files.file()));
        String end = "-----END " + kind + "-----\n";
        return text.substring(text.indexOf("-----BEGIN " + kind), text.indexOf(end) + end.length());
    }

    // written anew under the same name each time
    private IdentityFiles pem(String name, Instant when) throws IOException {
        String file = name.replace("*", "any") + ".pem";
        Path made = Files.createTempDirectory(folder, "made");
        new SelfSigned(made, random).identity(name, when);
        Files.move(made.resolve("self-signed.pem"), folder.resolve(file),
                StandardCopyOption.REPLACE_EXISTING);
        return new IdentityFiles(file, "", "");
    }

    private IdentityFiles pkcs12(String name, String password) throws Exception {
        Identity identity = new SelfSigned(Files.createTempDirectory(folder, "made"), random).identity(name,
                Instant.now());
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("mx", identity.key(), password.toCharArray(),
                identity.chain().toArray(Certificate[]::new));
        try (OutputStream out = Files.newOutputStream(folder.resolve(name + ".p12"))) {
            store.store(out, password.toCharArray());
        }
        return new IdentityFiles(name + ".p12", "", password);
    }

    private static String name(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName().substring("CN=".length());
    }
}
