package org.staffetta.filter.arc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
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

/** A thousand chains of ours, whole, broken and odd, are judged alike by us and by python3-dkim, and so are those that it goes on with. */
class SecondOpinionTest {

    private static final int CHAINS = 1_000;

    /** What is done to a chain. The one of those that are not broken is a pass, if there is a chain at all. */
    private enum Kind {
        // nothing that matters
        GOOD, RESHAPED, FIELD_ABOVE,
        // broken
        BODY_CHANGED, FROM_CHANGED, FIELD_REMOVED, FIELD_DOUBLED, DOMAIN_CHANGED, RESULT_CHANGED, NUMBER_CHANGED,
        // the seal
        KEY_MISSING, SEAL_DAMAGED;

        boolean isBroken() {
            return ordinal() > FIELD_ABOVE.ordinal();
        }
    }
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
        Kind[] kinds = Kind.values();
        for (int i = 0; i < CHAINS; i++) {
            Kind kind = kinds[i % kinds.length];
            int sets = i / kinds.length % 4;
            TestMessage message = messages.next();
            for (int instance = 0; instance < sets; instance++) {
                message = sealed(message);
            }
            TestMessage sent = changed(message, sets == 0 && kind != Kind.RESHAPED ? Kind.GOOD : kind, random,
                    messages);
            String name = "%04d-%d-%s".formatted(i, sets, kind.name().toLowerCase(Locale.ROOT));
            Files.writeString(folder.resolve("chains").resolve(name), sent.text(), StandardCharsets.ISO_8859_1);
            judgements.put(name, status(sent));
            String expected = sets == 0 ? "none" : kind.isBroken() ? "fail" : "pass";
            assertThat(status(sent)).as(name).isEqualTo(expected);
        }
        String told = Python.run(SecondOpinionTest.class.getResource("/arc_second_opinion.py"), folder);

        Map<String, String> theirs = new TreeMap<>();
        for (String line : told.strip().split("\n", -1)) {
            theirs.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
        }
        System.out.println("chains of ours, judged alike by python3-dkim: " + theirs.values().stream()
                .collect(Collectors.groupingBy(word -> word, TreeMap::new, Collectors.counting())));
        // It looks for i= in ARC-Message-Signature behind a single blank, though there may be any white space, or none (RFC 6376 section 3.2), and
        // gives up with an exception if there is not
        theirs.replaceAll((name, word) -> word.equals("crash") && name.endsWith("-reshaped") ? "pass" : word);
        assertThat(judgements).isEqualTo(theirs);
        requireAlike(judgements);
    }

    private static void requireAlike(Map<String, String> before) throws IOException {
        for (Map.Entry<String, String> chain : before.entrySet()) {
            if (!Files.exists(folder.resolve("sealed").resolve(chain.getKey()))) {
                continue;
            }
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

    private static TestMessage changed(TestMessage message, Kind kind, Random random, RandomMessage messages) {
        List<Header> chain = message.headers().stream().filter(header -> header.name().startsWith("ARC-")).toList();
        Header field = chain.isEmpty() ? message.first("From") : chain.get(random.nextInt(chain.size()));
        return switch (kind) {
            case GOOD -> message;
            case RESHAPED -> messages.reshaped(message);
            case FIELD_ABOVE -> message.with(new Header("Received: from somewhere"));
            case BODY_CHANGED -> message.withBody("x" + message.body());
            case FROM_CHANGED -> message.replacing(message.first("From"), new Header("From: eve@example.net"));
            case FIELD_REMOVED -> message.replacing(field);
            case FIELD_DOUBLED -> message.with(field);
            case DOMAIN_CHANGED -> altered(message, field.is("ARC-Authentication-Results") ? chain.getFirst() : field,
                    "example.net", "example.com");
            case RESULT_CHANGED ->
                altered(message, message.first("ARC-Authentication-Results"), "spf=none", "spf=pass");
            case NUMBER_CHANGED -> altered(message, field, "i=", "i=1");
            case KEY_MISSING -> altered(message, message.first("ARC-Seal"), "s=s;", "s=none;");
            case SEAL_DAMAGED -> altered(message, message.first("ARC-Seal"), "b=", "b=A");
        };
    }

    private static TestMessage altered(TestMessage message, Header field, String old, String other) {
        assertThat(field.field()).contains(old);
        return message.replacing(field, new Header(field.field().replaceFirst(old, other)));
    }
}
