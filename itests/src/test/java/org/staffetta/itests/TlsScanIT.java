package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What testssl.sh finds: nothing above "low". It takes minutes; {@code -Dstaffetta.testssl=full} has it look at everything. */
class TlsScanIT {

    private static final boolean FULL = "full".equals(System.getProperty("staffetta.testssl"));
    private static final List<String> SHORT = List.of("--protocols", "--renegotiation");
    private static final Pattern FINDING = Pattern.compile(
            "\"id\" *: *\"([^\"]*)\".*?\"severity\" *: *\"([^\"]*)\".*?\"finding\" *: *\"([^\"]*)\"", Pattern.DOTALL);

    @TempDir
    private static Path folder;
    private static Authority authority;
    private static Server server;

    @BeforeAll
    static void start() throws Exception {
        Programs.require("testssl");
        authority = new Authority(folder);
        server = Server.in(folder.resolve("server")).set("hostname", "mx.test")
                .set("certificate.ec.file", authority.issue("ec", "mx.test").toString())
                .set("certificate.rsa.file", authority.issueRsa("rsa", "mx.test").toString())
                .set("listener.submissions.address", "127.0.0.1").set("listener.submissions.port", "0")
                .set("listener.submissions.tls", "implicit").start();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"smtp,--starttls smtp", "submissions,"})
    void nothing_is_worse_than_low(String listener, String options) throws Exception {
        Path report = folder.resolve(listener + ".json");
        List<String> command = new ArrayList<>(List.of("testssl", "--quiet", "--color", "0", "--warnings", "off",
                "--nodns", "none", "--ip", "127.0.0.1", "--add-ca", authority.certificate().toString(), "--jsonfile",
                report.toString()));
        if (options != null) {
            command.addAll(List.of(options.split(" ")));
        }
        if (!FULL) {
            command.addAll(SHORT);
        }
        command.add("mx.test:" + server.port(listener));
        String output = run(command);

        List<MatchResult> findings = FINDING.matcher(Files.readString(report)).results().toList();
        Map<String, Integer> counts = new TreeMap<>();
        findings.forEach(one -> counts.merge(one.group(2), 1, Integer::sum));
        System.out.println("testssl of " + listener + ": " + counts);
        findings.stream().filter(one -> !List.of("OK", "INFO").contains(one.group(2)))
                .forEach(one -> System.out.println(one.group(2) + " " + one.group(1) + ": " + one.group(3)));
        assertThat(counts.getOrDefault("OK", 0)).as(output).isGreaterThan(FULL ? 30 : 5);
        // WARN and DEBUG are what it could not find out
        assertThat(counts.keySet()).as(output).doesNotContain("MEDIUM", "HIGH", "CRITICAL", "FATAL");
    }

    // its exit status counts what it found
    private static String run(List<String> command) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        process.getOutputStream().close();
        process.waitFor();
        return Files.readString(output);
    }
}
