package org.staffetta.filter.spf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.dns.Dns;

/** A thousand checks of policies made at random, by us and by pyspf (Debian's python3-spf): no difference but those that are explained. */
class SecondOpinionTest {

    private static final String PYTHON = "/usr/bin/python3";
    private static final int CASES = 1000;
    private static final int DOMAINS = 120;

    private record Case(String client, String sender, String helo) {}

    @TempDir
    private Path folder;

    private final Random random = new Random(20261123);
    private final Zone zone = new Zone();
    private final Map<String, List<List<Object>>> rows = new LinkedHashMap<>();

    @Test
    void a_thousand_checks_are_judged_alike() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of(PYTHON)) && run("-c", "import spf").status() == 0,
                "there is no Python with the module spf");
        makeZone();
        List<Case> cases = IntStream.range(0, CASES).mapToObj(_ -> makeCase()).toList();
        Files.writeString(folder.resolve("zone.json"), json(rows), UTF_8);
        Files.writeString(folder.resolve("cases.json"),
                json(cases.stream().map(one -> List.of(one.client(), one.sender(), one.helo())).toList()), UTF_8);
        Said theirs = run(Path.of("src/test/resources/spf_second_opinion.py").toAbsolutePath().toString(),
                folder.toString());
        assertThat(theirs.status()).as(theirs.text()).isZero();
        List<String> results = theirs.text().lines().toList();
        assertThat(results).hasSize(CASES);

        List<String> unexplained = new ArrayList<>();
        Map<String, Integer> count = new TreeMap<>();
        Map<String, Integer> explained = new TreeMap<>();
        for (int i = 0; i < CASES; i++) {
            Outcome ours = check(cases.get(i));
            count.merge(ours.result().word(), 1, Integer::sum);
            Case one = cases.get(i);
            String policy = String.valueOf(rows.get(domain(one.sender())));
            String theirWord = results.get(i);
            if (!ours.result().word().equals(theirWord)) {
                explanation(policy, ours, theirWord).ifPresentOrElse(why -> explained.merge(why, 1, Integer::sum),
                        () -> unexplained.add(one + " " + policy + ": we say " + ours + ", they " + theirWord));
            }
        }
        System.out.println("judged alike by pyspf: " + count + "; but for " + explained);
        assertThat(unexplained).isEmpty();
        assertThat(count).as("there is something of everything").containsKeys("pass", "fail", "softfail", "neutral",
                "none",
                "permerror", "temperror");
    }

    // each of them an error to one of us, so that nothing depends on it
    private static Optional<String> explanation(String policy, Outcome ours, String theirs) {
        if (ours.reason().equals("exists needs a domain")) {
            return Optional.of("section 5.7 wants a domain behind exists; pyspf does without");
        }
        if (policy.contains("include:%{o}") && theirs.equals("permerror")) {
            return Optional
                    .of("section 4.6.2: from left to right; pyspf looks for an include of the policy in itself first");
        }
        boolean order = ours.reason().contains("DNS lookups were void") && theirs.equals("temperror")
                || ours.result() == Result.TEMPERROR && theirs.equals("permerror");
        return order
                ? Optional
                        .of("section 5.4 has no order of mail exchangers: too many voids first, or one that is silent")
                : Optional.empty();
    }

    private Outcome check(Case one) {
        Subject subject = new Subject(InetAddress.ofLiteral(one.client()), one.helo(), "unknown",
                one.sender().substring(0, one.sender().indexOf('@')), domain(one.sender()));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        return new Check(subject, new Lookups(zone, subject.client(), 2, end), InstantSource.fixed(Instant.EPOCH))
                .run();
    }

    private static String domain(String sender) {
        return sender.substring(sender.indexOf('@') + 1);
    }

    private void makeZone() {
        for (int i = 0; i < DOMAINS; i++) {
            String domain = "d" + i + ".test";
            int kind = random.nextInt(20);
            if (kind == 0) {
                add(domain, "TIMEOUT");
                continue;
            }
            if (kind > 2) {
                add(domain, "TXT", policy());
            }
            if (kind == 3) {
                add(domain, "TXT", policy());
            }
            addHosts(domain);
        }
    }

    private void addHosts(String domain) {
        for (int i = random.nextInt(3); i > 0; i--) {
            add(domain, "A", client4());
        }
        if (random.nextInt(3) == 0) {
            add(domain, "AAAA", client6());
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            add(domain, "MX", 10 * i, domain());
        }
    }

    private void add(String name, String type, Object... data) {
        List<Object> row = new ArrayList<>(List.of(type));
        row.addAll(List.of(data));
        rows.computeIfAbsent(name, _ -> new ArrayList<>()).add(row);
        switch (type) {
            case "TIMEOUT" -> zone.add(name, Zone.TIMEOUT, "");
            case "MX" -> zone.add(name, "MX", new Dns.Mx((Integer) data[0], (String) data[1]));
            default -> zone.add(name, type, data[0]);
        }
    }

    private String policy() {
        int terms = 1 + random.nextInt(5);
        String policy = IntStream.range(0, terms).mapToObj(_ -> term()).collect(Collectors.joining(" "));
        String end = List.of(" -all", " ~all", " ?all", "", " redirect=" + domain(), " -all").get(random.nextInt(6));
        return "v=spf1 " + policy + end;
    }

    private String term() {
        String sign = List.of("", "", "", "+", "-", "~", "?").get(random.nextInt(7));
        return sign + switch (random.nextInt(24)) {
            case 0, 1, 2 -> "ip4:" + client4();
            case 3, 4 -> "ip4:" + client4() + "/" + (8 + random.nextInt(25));
            case 5 -> "ip6:" + client6() + "/" + (32 + random.nextInt(97));
            case 6, 7 -> "a";
            case 8, 9 -> "a:" + domain() + (random.nextBoolean() ? "/24" : "");
            case 10 -> "mx";
            case 11, 12 -> "mx:" + domain() + "/28//64";
            case 13, 14, 15, 16 -> "include:" + domain();
            case 17 -> "exists:"
                    + List.of("%{d}", "%{d2}", "%{o}", "%{h}", "%{l}.test", "%{i}.no.test").get(random.nextInt(6));
            case 18 -> "a:%{d}";
            case 19 -> "a:%{l1r-}.test";
            case 20 -> "include:%{o}";
            case 21 -> "include:missing" + random.nextInt(3) + ".test";
            case 22 -> List.of("ip4:1.2.3", "ip4:192.0.2.1/33", "foo:bar", "a:", "ipv4:192.0.2.1", "include", "exists",
                    "a/33", "all:x", "ip6:::g", "mx:%{x}", "a:%%{d}", "redirect=", "exp=" + domain())
                    .get(random.nextInt(14));
            default -> "unknown=" + random.nextInt(9);
        };
    }

    private Case makeCase() {
        String local = List.of("d1", "d2", "user", "a-d3", "d4-x").get(random.nextInt(5));
        return new Case(client(), local + "@" + domain(), domain());
    }

    private String domain() {
        return "d" + random.nextInt(DOMAINS) + ".test";
    }

    private String client() {
        return random.nextInt(4) == 0 ? client6() : client4();
    }

    private String client4() {
        return "192.0.2." + random.nextInt(40);
    }

    private String client6() {
        return "2001:db8:0:0:0:0:0:" + Integer.toHexString(1 + random.nextInt(20));
    }

    private static String json(Object value) {
        return switch (value) {
            case Map<?, ?> map -> map.entrySet().stream().map(one -> json(one.getKey()) + ":" + json(one.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
            case List<?> list -> list.stream().map(SecondOpinionTest::json).collect(Collectors.joining(",", "[", "]"));
            case Integer number -> number.toString();
            default -> "\"" + value + "\"";
        };
    }

    private record Said(int status, String text) {}

    private Said run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PYTHON));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(folder, "python", ".txt");
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectErrorStream(true).start();
        boolean ended = process.waitFor(2, TimeUnit.MINUTES);
        process.destroyForcibly();
        return new Said(ended ? process.exitValue() : -1, Files.readString(out, UTF_8));
    }
}
