package org.staffetta.filter.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.mail.Header;
import org.staffetta.domainkey.Algorithm;
import org.staffetta.domainkey.KeyFile;
import org.staffetta.domainkey.Python;
import org.staffetta.domainkey.SigningKey;
import org.staffetta.domainkey.TableDns;
import org.staffetta.domainkey.TestMessage;

/**
 * A thousand messages that are signed here, good, broken and odd, are judged alike by us, by python3-dkim and by OpenDKIM as a milter, signature by
 * signature, but for what {@code second-opinions.txt} explains; and what these two sign is valid here, and not when it is broken.
 */
class SecondOpinionTest {

    private static final Instant NOW = Instant.now();
    private static final int OURS = 1_000;
    private static final int THEIRS = 320;
    private static final List<SignedMessages.Kind> KINDS = List.of(SignedMessages.Kind.values());
    private static final TableDns DNS = new TableDns();
    private static final Map<String, TestMessage> MESSAGES = new LinkedHashMap<>();

    @TempDir
    static Path folder;

    @BeforeAll
    static void make() throws IOException {
        SignedMessages.RECORDS.forEach((selector, record) -> DNS.put(selector + "._domainkey.example.org", record));
        SignedMessages maker = new SignedMessages(8, NOW);
        for (int i = 0; i < OURS; i++) {
            SignedMessages.Kind kind = KINDS.get(i % KINDS.size());
            MESSAGES.put("%04d-%s".formatted(i, kind.name().toLowerCase(Locale.ROOT)),
                    maker.next(kind, i / KINDS.size()));
        }
    }

    @Test
    void dkimpy_judges_alike_and_what_it_signs_is_valid_here() throws IOException, InterruptedException {
        Python.assume(folder, "dkim, nacl");
        Map<String, List<String>> theirs = dkimpy();

        requireAlike("dkimpy", theirs, word -> word.equals("pass") ? word : "fail");
        int valid = 0;
        try (Stream<Path> signed = Files.list(folder.resolve("theirs"))) {
            for (Path file : signed.sorted().toList()) {
                requireValid(TestMessage.of(Files.readString(file, StandardCharsets.ISO_8859_1)), file.toString());
                valid++;
            }
        }
        assertThat(valid).isEqualTo(THEIRS);
    }

    @Test
    void opendkim_judges_alike() throws IOException {
        OpenDkim.assume();
        Map<String, List<String>> theirs = new TreeMap<>();
        try (OpenDkim opendkim = OpenDkim.verifying(Files.createDirectory(folder.resolve("verifying")),
                SignedMessages.records())) {
            for (Map.Entry<String, TestMessage> one : MESSAGES.entrySet()) {
                theirs.put(one.getKey(), opendkim.judge(one.getValue()).stream().map(Finding::result).toList());
            }
        }
        requireAlike("opendkim", theirs, word -> word);
    }

    /** It cannot verify its own signatures by Ed25519 where header fields are in the simple form, nor can anybody else. */
    @Test
    void what_opendkim_signs_is_valid_here_where_it_is_valid_there() throws IOException {
        OpenDkim.assume();
        SignedMessages maker = new SignedMessages(10, NOW);
        Map<String, Integer> counts = new TreeMap<>();
        try (OpenDkim itself = OpenDkim.verifying(Files.createDirectory(folder.resolve("itself")),
                SignedMessages.records())) {
            for (int way = 0; way < 8; way++) {
                boolean broken = (way & 3) == 1;
                try (OpenDkim opendkim = signing(way)) {
                    for (int i = 0; i < THEIRS / 8; i++) {
                        TestMessage signed = opendkim.sign(maker.plain());
                        List<String> word = verify(signed).stream().map(Finding::result).toList();
                        assertThat(word).as(way + " " + i).containsExactly(broken ? "fail" : "pass")
                                .isEqualTo(itself.judge(signed).stream().map(Finding::result).toList());
                        if (!broken) {
                            requireValid(signed, way + " " + i);
                        }
                        counts.merge(word.getFirst(), 1, Integer::sum);
                    }
                }
            }
        }
        System.out.println("signed by opendkim, judged alike by itself: " + counts);
        assertThat(counts).isEqualTo(Map.of("pass", THEIRS * 3 / 4, "fail", THEIRS / 4));
    }

    private static OpenDkim signing(int way) throws IOException {
        boolean rsa = (way & 1) == 0;
        SigningKey key = rsa ? SignedMessages.RSA : SignedMessages.ED25519;
        return OpenDkim.signing(Files.createDirectory(folder.resolve("signing" + way)), rsa ? "rsa" : "ed", key.pem(),
                key.algorithm().word(), way(way & 2) + "/" + way(way & 4));
    }

    /** A delivery notice, as the queue has it signed. */
    @Test
    void what_the_server_writes_itself_is_valid_there() throws IOException, InterruptedException {
        Python.assume(folder, "dkim, nacl");
        Path place = Files.createDirectory(folder.resolve("notice"));
        SigningKey secret = SigningKey.generate(Algorithm.RSA_SHA256, 2048);
        KeyFile.of(place, "example.org", "s1").create(secret);
        DkimSigner signer = new DkimSigner(
                TestSettings.configuration(DkimConfig.class, Map.of("sign_clients", new String[0])));
        signer.addKey(new DkimKey("one", place, TestSettings.configuration(KeyConfig.class,
                Map.of("domain", "example.org", "selector", "s1", "subdomains", true))));
        TestMessage notice = TestMessage
                .of("From: Mail Delivery System <postmaster@mx.example.org>\r\nTo: <a@b.example>\r\n"
                        + "Subject: Undelivered mail\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
                        + "Content-Type: multipart/report; report-type=delivery-status;\r\n boundary=\"b\"\r\n"
                        + "Content-Transfer-Encoding: 8bit\r\n\r\n--b\r\n\r\nGr\u00fc\u00dfe\r\n--b--\r\n");

        List<Header> fields = signer.sign(notice);
        assertThat(fields).hasSize(1);
        write("notice/ours/notice", notice.with(fields.getFirst()));
        Files.createDirectory(place.resolve("plain"));
        Files.writeString(place.resolve("records"), "s1._domainkey.example.org " + secret.record() + "\n");
        Files.writeString(place.resolve("rsa.pem"), "");
        Files.writeString(place.resolve("ed.seed"), "");
        assertThat(Python.run(SecondOpinionTest.class.getResource("/dkim_second_opinion.py"), place))
                .isEqualTo("notice\tpass\n");
    }

    private static Map<String, List<String>> dkimpy() throws IOException, InterruptedException {
        Files.createDirectory(folder.resolve("theirs"));
        Files.writeString(folder.resolve("records"), SignedMessages.records());
        Files.writeString(folder.resolve("rsa.pem"), SignedMessages.RSA.pem());
        Files.writeString(folder.resolve("ed.seed"), Base64.getEncoder()
                .encodeToString(((SigningKey.Ed25519) SignedMessages.ED25519).key().getEncoded()));
        for (Map.Entry<String, TestMessage> one : MESSAGES.entrySet()) {
            write("ours/" + one.getKey(), one.getValue());
        }
        SignedMessages maker = new SignedMessages(9, NOW);
        for (int i = 0; i < THEIRS; i++) {
            write("plain/%03d.%s.%s.%s".formatted(i, (i & 1) == 0 ? "rsa" : "ed", way(i & 2), way(i & 4)),
                    maker.plain());
        }
        Map<String, List<String>> told = new TreeMap<>();
        for (String line : Python.run(SecondOpinionTest.class.getResource("/dkim_second_opinion.py"), folder).strip()
                .split("\n", -1)) {
            List<String> cells = new ArrayList<>(List.of(line.split("\t", -1)));
            told.put(cells.removeFirst(), cells.stream().map(cell -> cell.split(" ", 2)[0]).toList());
        }
        return told;
    }

    private static void requireAlike(String who, Map<String, List<String>> theirs, UnaryOperator<String> word)
            throws IOException {
        assertThat(theirs.keySet()).isEqualTo(new TreeSet<>(MESSAGES.keySet()));
        Map<String, Integer> alike = new TreeMap<>();
        Map<String, Integer> otherwise = new TreeMap<>();
        for (Map.Entry<String, TestMessage> one : MESSAGES.entrySet()) {
            List<String> ours = verify(one.getValue()).stream().map(Finding::result).map(word).toList();
            List<String> told = theirs.get(one.getKey());
            if (ours.equals(told)) {
                ours.forEach(said -> alike.merge(said, 1, Integer::sum));
            } else {
                otherwise.merge(who + " | " + one.getKey().substring(5) + " | " + String.join(" ", ours) + " | "
                        + String.join(" ", told), 1, Integer::sum);
            }
        }
        System.out.println(who + " judges alike: " + alike + "; otherwise: " + otherwise);
        assertThat(otherwise.keySet()).as("what differs, and is explained").isEqualTo(explained(who));
    }

    private static Set<String> explained(String who) throws IOException {
        try (InputStream in = SecondOpinionTest.class.getResourceAsStream("/second-opinions.txt")) {
            return Arrays.stream(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n"))
                    .filter(line -> line.startsWith(who + " | "))
                    .map(line -> line.substring(0, line.lastIndexOf(" | ")))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static void requireValid(TestMessage signed, String name) throws IOException {
        assertThat(verify(signed)).as(name).extracting(Finding::result).containsExactly("pass");
        assertThat(verify(signed.withBody("x" + signed.body()))).as(name).extracting(Finding::result)
                .containsExactly("fail");
        assertThat(verify(signed.replacing(signed.first("From"), new Header("From: eve@example.net")))).as(name)
                .extracting(Finding::result).containsExactly("fail");
    }

    private static String way(int bit) {
        return bit == 0 ? "simple" : "relaxed";
    }

    private static List<Finding> verify(TestMessage message) throws IOException {
        return new Verifier(TestSettings.defaults(), DNS, () -> NOW).verify(message);
    }

    private static void write(String name, TestMessage message) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, message.text(), StandardCharsets.ISO_8859_1);
    }
}
