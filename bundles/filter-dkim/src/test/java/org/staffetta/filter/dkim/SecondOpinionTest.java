package org.staffetta.filter.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.mail.Header;
import org.staffetta.domainkey.Algorithm;
import org.staffetta.domainkey.BodyHashes;
import org.staffetta.domainkey.Canonicalization;
import org.staffetta.domainkey.FieldSigner;
import org.staffetta.domainkey.HeaderFields;
import org.staffetta.domainkey.Python;
import org.staffetta.domainkey.RandomMessage;
import org.staffetta.domainkey.SigningKey;
import org.staffetta.domainkey.TableDns;
import org.staffetta.domainkey.TestMessage;

/** A thousand messages, good, broken and odd, are judged alike by us and by python3-dkim, whoever signed them; and by OpenDKIM. */
class SecondOpinionTest {

    private static final Instant NOW = Instant.now();
    private static final int OURS = 700;
    private static final int THEIRS = 300;
    private static final SigningKey RSA = SigningKey.generate(Algorithm.RSA_SHA256, 1024);
    private static final SigningKey ED25519 = SigningKey.generate(Algorithm.ED25519_SHA256, 0);
    private static final TableDns DNS = new TableDns().put("rsa._domainkey.example.org", RSA.record())
            .put("ed._domainkey.example.org", ED25519.record());

    private static final Path OPENDKIM = Path.of("/usr/sbin/opendkim");

    @TempDir
    static Path folder;

    private final Random random = new Random(8);
    private final RandomMessage messages = new RandomMessage(8);

    /** What has been done to a message after it was signed. */
    private enum Kind {
        GOOD, ODD, BROKEN
    }

    @BeforeAll
    static void needsPython() throws IOException, InterruptedException {
        Python.assume(folder, "dkim, nacl");
        Files.writeString(folder.resolve("keys.json"), json(Map.of("rsa._domainkey.example.org", RSA.record(),
                "ed._domainkey.example.org", ED25519.record())));
        String seed = Base64.getEncoder().encodeToString(((SigningKey.Ed25519) ED25519).key().getEncoded());
        Files.writeString(folder.resolve("secrets.json"), json(Map.of("rsa", RSA.pem(), "ed", seed)));
        for (String name : List.of("ours", "plain", "theirs")) {
            Files.createDirectory(folder.resolve(name));
        }
    }

    @Test
    void both_judge_alike() throws IOException, InterruptedException {
        Map<String, String> judgements = new TreeMap<>();
        for (int i = 0; i < OURS; i++) {
            Kind kind = Kind.values()[i % 3];
            TestMessage message = messages.next();
            TestMessage sent = changed(signed(message, i & 7), kind, (i & 4) != 0 && (i & 3) == 3);
            String name = "%03d-%s".formatted(i, kind.name().toLowerCase(Locale.ROOT));
            write("ours/" + name, sent);
            judgements.put(name, judgement(sent));
        }
        for (int i = 0; i < THEIRS; i++) {
            write("plain/%03d.%s.%s.%s".formatted(i, (i & 1) == 0 ? "rsa" : "ed", way(i & 2), way(i & 4)),
                    messages.next());
        }
        String told = Python.run(SecondOpinionTest.class.getResource("/dkim_second_opinion.py"), folder);

        requireAlike(judgements, told);
        requireValid();
    }

    /** Header fields in the relaxed form only: its test mode takes messages apart as a milter does, and loses the white space behind the colon. */
    @Test
    void opendkim_judges_alike() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(OPENDKIM), "there is no " + OPENDKIM);
        Path keys = Files.writeString(folder.resolve("opendkim.keys"),
                "rsa._domainkey.example.org " + RSA.record() + "\ned._domainkey.example.org " + ED25519.record()
                        + "\n");
        Path conf = Files.writeString(folder.resolve("opendkim.conf"),
                "Mode v\nBackground no\nSyslog no\nTestPublicKeys " + keys + "\n");
        Files.createDirectory(folder.resolve("opendkim"));
        Map<String, String> ours = new TreeMap<>();
        Map<String, String> theirs = new TreeMap<>();
        for (int i = 0; i < THEIRS; i++) {
            Kind kind = Kind.values()[i % 3];
            TestMessage message = changed(signed(ended(messages.next()), i & 7 | 1), kind,
                    (i & 4) != 0 && (i & 3) == 3);
            String name = "%03d-%s".formatted(i, kind.name().toLowerCase(Locale.ROOT));
            write("opendkim/" + name, message);
            ours.put(name, judgement(message));
            theirs.put(name, opendkim(conf, folder.resolve("opendkim").resolve(name)));
        }
        assertThat(theirs.values()).contains("pass", "fail");
        assertThat(theirs).isEqualTo(ours);
    }

    // nor can that mode read a body whose last line does not end; on the wire there is none
    private static TestMessage ended(TestMessage message) {
        boolean ends = message.body().isEmpty() || message.body().endsWith("\r\n");
        return ends ? message : message.withBody(message.body() + "\r\n");
    }

    private static String opendkim(Path conf, Path message) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(OPENDKIM.toString(), "-x", conf.toString(), "-t", message.toString())
                .redirectErrorStream(true).start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return told.contains("succeeded") ? "pass" : "fail";
    }

    private static void requireAlike(Map<String, String> ours, String told) {
        Map<String, String> theirs = new TreeMap<>();
        for (String line : told.strip().split("\n", -1)) {
            theirs.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
        }
        assertThat(theirs).hasSize(OURS);
        Map<String, Long> passed = theirs.entrySet().stream().collect(Collectors.groupingBy(
                one -> one.getKey().substring(4) + " " + one.getValue(), TreeMap::new, Collectors.counting()));
        System.out.println("signed by us, judged alike by python3-dkim: " + passed);
        assertThat(passed.keySet()).containsExactly("broken fail", "good pass", "odd pass");
        assertThat(ours).isEqualTo(theirs);
    }

    private void requireValid() throws IOException {
        int valid = 0;
        try (var files = Files.list(folder.resolve("theirs"))) {
            for (Path file : files.sorted().toList()) {
                TestMessage message = TestMessage.of(Files.readString(file, StandardCharsets.ISO_8859_1));
                assertThat(judgement(message)).as(file.toString()).isEqualTo("pass");
                assertThat(judgement(changed(message, Kind.BROKEN, false))).as(file.toString()).isEqualTo("fail");
                valid++;
            }
        }
        System.out.println("signed by python3-dkim, valid here, and not when broken: " + valid);
        assertThat(valid).isEqualTo(THEIRS);
    }

    private static String way(int bit) {
        return bit == 0 ? "simple" : "relaxed";
    }

    private static String judgement(TestMessage message) throws IOException {
        return new Verifier(TestSettings.defaults(), DNS, () -> NOW).verify(message).stream()
                .anyMatch(finding -> finding.result().equals("pass")) ? "pass" : "fail";
    }

    private static TestMessage signed(TestMessage message, int way) throws IOException {
        Canonicalization.Pair pair = new Canonicalization.Pair(Canonicalization.values()[way & 1],
                Canonicalization.values()[way >> 1 & 1]);
        BodyHashes hashes = new BodyHashes();
        hashes.want(pair.body(), Optional.empty());
        hashes.read(message);
        List<String> names = new ArrayList<>(message.headers().stream().map(Header::name).toList());
        names.addAll(List.of("From", "Subject", "X-None"));
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("v", "1");
        tags.put("d", "example.org");
        tags.put("s", way < 4 ? "rsa" : "ed");
        tags.put("t", Long.toString(NOW.getEpochSecond()));
        tags.put("x", Long.toString(NOW.getEpochSecond() + 3_600));
        return message.with(new FieldSigner(way < 4 ? RSA : ED25519).sign("DKIM-Signature", tags, pair, names,
                new HeaderFields(message.headers()), hashes));
    }

    private TestMessage changed(TestMessage signed, Kind kind, boolean relaxed) {
        return switch (kind) {
            case GOOD -> signed;
            case ODD -> relaxed ? messages.reshaped(signed) : odd(signed);
            case BROKEN -> broken(signed);
        };
    }

    // what nobody signed may change, and empty lines at the end
    private TestMessage odd(TestMessage signed) {
        TestMessage odd = signed.with(new Header("Received: from somewhere"));
        boolean whole = odd.body().isEmpty() || odd.body().endsWith("\r\n");
        return odd.withBody(odd.body() + (whole ? "\r\n".repeat(random.nextInt(3)) : ""));
    }

    private TestMessage broken(TestMessage signed) {
        return switch (random.nextInt(6)) {
            case 0 -> signed.withBody(signed.body() + "more\r\n");
            case 1 -> signed.withBody("x" + signed.body());
            case 2 -> signed.with(new Header("From: eve@example.net"));
            case 3 -> signed.replacing(from(signed), new Header("From: eve@example.net"));
            case 4 -> signature(signed, "d=example.org", "d=example.net");
            default -> signature(signed, "bh=", "bh=A");
        };
    }

    private static TestMessage signature(TestMessage signed, String old, String other) {
        Header field = signed.first("DKIM-Signature");
        assertThat(field.field()).contains(old);
        return signed.replacing(field, new Header(field.field().replace(old, other)));
    }

    private static Header from(TestMessage message) {
        return message.first("From");
    }

    private static void write(String name, TestMessage message) throws IOException {
        Files.writeString(folder.resolve(name), message.text(), StandardCharsets.ISO_8859_1);
    }

    // keys and records have nothing but line ends that must be escaped
    private static String json(Map<String, String> texts) {
        return texts.entrySet().stream()
                .map(text -> '"' + text.getKey() + "\":\"" + text.getValue().replace("\n", "\\n") + '"')
                .collect(Collectors.joining(",", "{", "}"));
    }
}
