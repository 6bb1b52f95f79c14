package org.staffetta.filter.dkim;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.mail.Header;
import org.staffetta.domainkey.Milter;
import org.staffetta.domainkey.TestMessage;
import org.staffetta.smtp.authres.AuthenticationResults;

/**
 * OpenDKIM as mail servers run it: a milter, here on a socket in a folder. It cannot read a body in the relaxed form whose last line does not end, which
 * only BDAT can bring; so a line end is put there, which changes neither form (RFC 6376 section 3.4.3).
 */
final class OpenDkim implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/sbin/opendkim");

    private final Process process;
    private final Milter milter;

    private OpenDkim(Path folder, String settings) throws IOException {
        Path socket = folder.resolve("opendkim.socket");
        Path conf = Files.writeString(folder.resolve("opendkim.conf"), "Background no\nSyslog no\nSocket local:"
                + socket + "\nRequireSafeKeys no\n" + settings);
        process = new ProcessBuilder(PROGRAM.toString(), "-f", "-x", conf.toString()).redirectErrorStream(true)
                .redirectOutput(folder.resolve("opendkim.log").toFile()).start();
        await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20))
                .until(() -> Files.exists(socket) || !process.isAlive());
        milter = connect(socket);
    }

    // the file is there a moment before anybody listens
    private static Milter connect(Path socket) {
        return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsInstanceOf(IOException.class).until(() -> new Milter(socket), _ -> true);
    }

    /** Leaves out the test of whoever asks, unless the program is there. */
    static void assume() {
        assumeTrue(Files.isExecutable(PROGRAM), "there is no " + PROGRAM);
    }

    /**
     * One that verifies.
     *
     * @param records lines of a name, a blank, and the record there
     */
    static OpenDkim verifying(Path folder, String records) throws IOException {
        Path keys = Files.writeString(folder.resolve("records"), records);
        return new OpenDkim(folder, "Mode v\nAuthservID test\nAlwaysAddARHeader yes\nTestPublicKeys " + keys + "\n");
    }

    /** One that signs what is from {@code example.org}. */
    static OpenDkim signing(Path folder, String selector, String pem, String algorithm, String canonicalization)
            throws IOException {
        Path key = Files.writeString(folder.resolve("key.pem"), pem);
        Path table = Files.writeString(folder.resolve("keys"), "one example.org:" + selector + ":" + key + "\n");
        Path senders = Files.writeString(folder.resolve("senders"), "*@example.org one\n");
        return new OpenDkim(folder, "Mode s\nKeyTable file:" + table + "\nSigningTable refile:" + senders
                + "\nSignatureAlgorithm " + algorithm + "\nCanonicalization " + canonicalization + "\n");
    }

    /** What it says of each signature, in its order. */
    List<Finding> judge(TestMessage message) throws IOException {
        return milter.fields(ended(message)).stream().filter(field -> field.is(AuthenticationResults.NAME)).findFirst()
                .flatMap(field -> AuthenticationResults.parse(field.value())).map(AuthenticationResults::findings)
                .orElse(List.of()).stream().filter(finding -> finding.method().equals("dkim")).toList();
    }

    /** The message with its signature on top. */
    TestMessage sign(TestMessage message) throws IOException {
        return milter.fields(ended(message)).stream().filter(field -> field.is("DKIM-Signature")).findFirst()
                .map(message::with).orElseThrow();
    }

    private static TestMessage ended(TestMessage message) {
        boolean ends = message.body().isEmpty() || message.body().endsWith("\r\n");
        return ends ? message : message.withBody(message.body() + "\r\n");
    }

    @Override
    public void close() throws IOException {
        try (milter) {
            process.destroy();
        }
    }
}
