package org.staffetta.filter.arc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.mail.Header;
import org.staffetta.domainkey.Algorithm;
import org.staffetta.domainkey.KeyFile;
import org.staffetta.domainkey.Python;
import org.staffetta.domainkey.RandomMessage;
import org.staffetta.domainkey.SigningKey;
import org.staffetta.domainkey.TableDns;
import org.staffetta.domainkey.TestMessage;

/** Chains of ours, whole and broken, are judged alike by us and by python3-dkim, and so are those that it goes on with. */
class SecondOpinionTest {

    private static final int CHAINS = 120;
    private static final SigningKey OURS = SigningKey.generate(Algorithm.RSA_SHA256, 1024);
    private static final SigningKey THEIRS = SigningKey.generate(Algorithm.RSA_SHA256, 1024);
    private static final TableDns DNS = new TableDns().put("s._domainkey.example.net", OURS.record())
            .put("s._domainkey.python.example", THEIRS.record());

    @TempDir
    static Path folder;

    @BeforeAll
    static void needsPython() throws IOException, InterruptedException {
        Python.assume(folder, "dkim, authres");
        Files.writeString(folder.resolve("keys.json"), "{\"s._domainkey.example.net\":\"" + OURS.record()
                + "\",\"s._domainkey.python.example\":\"" + THEIRS.record() + "\"}");
        Files.writeString(folder.resolve("secret.pem"), THEIRS.pem());
        Files.createDirectory(folder.resolve("chains"));
        Files.createDirectory(folder.resolve("sealed"));
    }

    @Test
    void both_judge_alike() throws IOException, InterruptedException {
        RandomMessage messages = new RandomMessage(9);
        Random random = new Random(9);
        Map<String, String> judgements = new TreeMap<>();
        for (int i = 0; i < CHAINS; i++) {
            TestMessage message = messages.next();
            for (int instance = 0; instance < i % 4; instance++) {
                message = sealed(message);
            }
            TestMessage sent = i % 3 == 0 ? broken(message, random) : message;
            String name = "%03d-%d-%s".formatted(i, i % 4, i % 3 == 0 ? "broken" : "good");
            Files.writeString(folder.resolve("chains").resolve(name), sent.text(), StandardCharsets.ISO_8859_1);
            judgements.put(name, status(sent));
        }
        String told = Python.run(SecondOpinionTest.class.getResource("/arc_second_opinion.py"), folder);

        Map<String, String> theirs = new TreeMap<>();
        for (String line : told.strip().split("\n", -1)) {
            theirs.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
        }
        System.out.println("chains of ours, judged alike by python3-dkim: " + theirs.entrySet().stream().collect(
                Collectors.groupingBy(one -> one.getKey().substring(4) + " " + one.getValue(), TreeMap::new,
                        Collectors.counting())));
        assertThat(judgements).isEqualTo(theirs);
        requireAlike(judgements);
    }

    private static void requireAlike(Map<String, String> before) throws IOException {
        for (Map.Entry<String, String> chain : before.entrySet()) {
            TestMessage sealed = TestMessage.of(
                    Files.readString(folder.resolve("sealed").resolve(chain.getKey()), StandardCharsets.ISO_8859_1));
            assertThat(status(sealed)).as(chain.getKey()).isEqualTo(chain.getValue().equals("fail") ? "fail" : "pass");
        }
    }

    private static String status(TestMessage message) throws IOException {
        return new Validator(DNS).validate(message).status().word();
    }

    private static TestMessage sealed(TestMessage message) throws IOException {
        Settings.Identity identity = new Settings.Identity("example.net", "s", new KeyFile(Path.of("none"), "none"));
        TestMessage sealed = message;
        for (Header field : new Sealer(OURS, identity, List.of("From", "To", "Subject", "Date")).seal(message,
                new Validator(DNS).validate(message).status(), "example.net; spf=none",
                Instant.ofEpochSecond(1_793_534_400))) {
            sealed = sealed.with(field);
        }
        return sealed;
    }

    private static TestMessage broken(TestMessage message, Random random) {
        List<Header> chain = message.headers().stream().filter(header -> header.name().startsWith("ARC-")).toList();
        if (chain.isEmpty() || random.nextInt(3) == 0) {
            return message.withBody("x" + message.body());
        }
        Header field = chain.get(random.nextInt(chain.size()));
        return random.nextBoolean()
                ? message.replacing(field)
                : message.replacing(field, new Header(field.field().replace("example.net", "example.com")));
    }
}
