package org.staffetta.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * An authority that speaks ACME: Pebble, as Debian has it, on free ports of the loopback interface. All names lead to 127.0.0.1 for it. It forgets
 * everything when it ends, which it does with the JVM, however that ends. OpenSSL makes the certificate of its own.
 */
public final class PebbleServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Both run until our end of its standard input is closed, as it is when we end. */
    private static final String KEEPER = """
            pebble-challtestsrv -dns01 "$1" -defaultIPv6 '' -http01 '' -https01 '' -tlsalpn01 '' -management '' >dns.log 2>&1 &
            dns=$!
            pebble -config pebble.json -dnsserver "$1" >>pebble.log 2>&1 &
            pebble=$!
            read -r end
            kill $pebble $dns
            wait
            """;

    private final Path folder;
    private final Map<String, String> environment;
    private final int directory;
    private final int management;
    private final int dns;
    private @Nullable Process keeper;

    private PebbleServer(Path folder, Map<String, String> environment) throws IOException {
        this.folder = folder;
        this.environment = Map.copyOf(environment);
        this.directory = freePort();
        this.management = freePort();
        this.dns = freePort();
    }

    /** Whether its programs are on this machine. */
    public static boolean isInstalled() {
        return Stream.of("pebble", "pebble-challtestsrv")
                .allMatch(program -> Files.isExecutable(Path.of("/usr/bin", program)));
    }

    /**
     * Starts one.
     *
     * @param folder for its files
     * @param http the port to which it comes for http-01
     * @param tls the port to which it comes for tls-alpn-01
     * @param settings more of its configuration, in JSON: {@code , "name": value}
     * @param environment variables that it heeds, such as {@code PEBBLE_WFE_NONCEREJECT}
     */
    public static PebbleServer start(Path folder, int http, int tls, String settings, Map<String, String> environment)
            throws IOException, InterruptedException {
        PebbleServer server = new PebbleServer(Files.createDirectories(folder), environment);
        run(folder, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-days", "2", "-subj", "/CN=pebble", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem",
                "-out", "cert.pem");
        Files.writeString(folder.resolve("pebble.json"), """
                {"pebble": {"listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
                "certificate": "cert.pem", "privateKey": "key.pem", "httpPort": %d, "tlsPort": %d%s}}
                """.formatted(server.directory, server.management, http, tls, settings));
        server.restart();
        return server;
    }

    /** A port that was free a moment ago. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The URL of the directory. */
    public String directory() {
        return "https://127.0.0.1:" + directory + "/dir";
    }

    /** A file with the certificate by which the directory's own is verified. */
    public Path trust() {
        return folder.resolve("cert.pem");
    }

    /** A file with the certificate at the root of what it issues now. */
    public Path root() throws IOException, InterruptedException {
        run(folder, "curl", "-sS", "--cacert", "cert.pem", "-o", "root.pem",
                "https://127.0.0.1:" + management + "/roots/0");
        return folder.resolve("root.pem");
    }

    /** What it has said so far. */
    public String log() throws IOException {
        return Files.readString(folder.resolve("pebble.log"));
    }

    /** Starts it again after {@link #stop}, on the same ports, without a memory. */
    public void restart() throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", KEEPER, "pebble-keeper", "127.0.0.1:" + dns)
                .directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(folder.resolve("keeper.log").toFile()));
        builder.environment().put("PEBBLE_VA_NOSLEEP", "1");
        builder.environment().putAll(environment);
        keeper = builder.start();
        Awaitility.await().atMost(PATIENCE).until(() -> answers(directory) && answers(management) && answers(dns));
    }

    @Override
    public void close() {
        stop();
    }

    /** Ends it; it can be started again. */
    public void stop() {
        Process running = keeper;
        try {
            if (running != null) {
                running.getOutputStream().close();
                running.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean answers(int port) {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static void run(Path folder, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(command)).directory(folder.toFile()).redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
    }
}
