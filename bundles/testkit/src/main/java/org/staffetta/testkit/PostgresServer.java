package org.staffetta.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL server in a folder of its own, on a free port of the loopback interface, as safe as one in earnest (it syncs), with a
 * password that nobody else knows. It ends with the JVM, however that ends, and takes its folder along.
 *
 * <p>Its programs are looked for in the folder named by the environment variable {@code PG_BIN}, then in those of Debian and the like
 * ({@code /usr/lib/postgresql/<version>/bin}, the newest), Red Hat and macOS; where there are none, the tests fail and say so. It refuses to run
 * as root; then it runs as the user {@code postgres}, or else {@code nobody}. PostgreSQL's JDBC driver must be on the class path.
 */
public final class PostgresServer implements AutoCloseable {

    private static final String USER = "staffetta";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Is told each server's process id on its standard input; when that ends, as it does with us, so does the last of them. */
    private static final String KEEPER = "while read -r line; do pid=$line; done; kill -QUIT $pid; i=0; "
            + "while kill -0 $pid && [ $((i += 1)) -lt 100 ]; do sleep 0.1; done; rm -rf \"$1\"";
    private static final int ATTEMPTS = 20;

    private static @Nullable PostgresServer shared;

    private final AtomicInteger databases = new AtomicInteger();
    private final Path folder;
    private final List<String> command;
    private final int port;
    private final String password;
    private final Process keeper;
    private volatile @Nullable Process running;

    private PostgresServer(Path folder, List<String> command, int port, String password, Process keeper) {
        this.folder = folder;
        this.command = List.copyOf(command);
        this.port = port;
        this.password = password;
        this.keeper = keeper;
    }

    /** A database of its own, new and empty. */
    public record Database(String url, String user, String password) {

        /** A new connection. */
        public Connection connect() throws SQLException {
            return DriverManager.getConnection(url, user, password);
        }
    }

    /** The server of this JVM, for all tests that do it no harm. */
    public static synchronized PostgresServer shared() throws IOException, InterruptedException {
        PostgresServer server = shared;
        if (server == null) {
            server = start();
            shared = server;
        }
        return server;
    }

    /** One of its own, for a test that kills it. */
    public static PostgresServer start() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("staffetta-postgres");
        PostgresPrograms programs = PostgresPrograms.find(folder);
        byte[] secret = new byte[16];
        RandomGenerator.of("SecureRandom").nextBytes(secret);
        String password = HexFormat.of().formatHex(secret);
        Path data = folder.resolve("data");
        make(programs, folder, data, password);
        int port = freePort();
        List<String> command = new ArrayList<>(programs.as());
        command.addAll(List.of(programs.path("postgres"), "-D", data.toString(), "-h", "127.0.0.1", "-p",
                Integer.toString(port), "-k", "", "-c", "max_connections=200"));
        Process keeper = new ProcessBuilder("sh", "-c", KEEPER, "postgres-keeper", folder.toString())
                .redirectErrorStream(true).redirectOutput(Redirect.DISCARD).start();
        PostgresServer server = new PostgresServer(folder, command, port, password, keeper);
        server.restart();
        return server;
    }

    /** Makes a database. */
    public Database newDatabase() throws SQLException {
        String name = "test" + databases.incrementAndGet();
        try (Connection connection = database("postgres").connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " ENCODING 'UTF8' TEMPLATE template0");
        }
        return database(name);
    }

    /** The power is cut, as far as processes can tell: SIGKILL for the server and all that work for it. */
    public void kill() throws InterruptedException {
        Process postgres = running;
        if (postgres != null) {
            List<ProcessHandle> workers = postgres.descendants().toList();
            postgres.destroyForcibly();
            workers.forEach(ProcessHandle::destroyForcibly);
            postgres.waitFor();
        }
    }

    /** Starts it again after {@link #kill}, on the same port; returns when it takes connections. */
    public void restart() throws IOException {
        // what was killed may hold its memory for a moment yet: the server does not start beside that
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Process postgres = launch();
            Awaitility.await().atMost(PATIENCE).until(() -> !postgres.isAlive() || answers());
            if (postgres.isAlive()) {
                return;
            }
        }
        throw new IOException("PostgreSQL does not start: " + Files.readString(folder.resolve("log")));
    }

    /** Ends it; its databases are gone. */
    @Override
    public void close() throws IOException {
        keeper.getOutputStream().close();
        Awaitility.await().atMost(PATIENCE).until(() -> !keeper.isAlive());
    }

    private Process launch() throws IOException {
        Process postgres = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(Redirect.appendTo(folder.resolve("log").toFile())).start();
        OutputStream told = keeper.getOutputStream();
        told.write((postgres.pid() + "\n").getBytes(StandardCharsets.US_ASCII));
        told.flush();
        running = postgres;
        return postgres;
    }

    Path folder() {
        return folder;
    }

    private Database database(String name) {
        return new Database("jdbc:postgresql://127.0.0.1:" + port + "/" + name, USER, password);
    }

    private boolean answers() {
        try (Connection connection = database("postgres").connect()) {
            return connection.isValid(1);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private static void make(PostgresPrograms programs, Path folder, Path data, String password)
            throws IOException, InterruptedException {
        Path passwordFile = Files.writeString(folder.resolve("password"), password, StandardCharsets.US_ASCII);
        Files.setOwner(passwordFile, Files.getOwner(folder));
        programs.run(folder, List.of(programs.path("initdb"), "-D", data.toString(), "-U", USER, "-A",
                "scram-sha-256", "--pwfile", passwordFile.toString(), "-E", "UTF8", "--locale=C", "--no-sync"));
        Files.delete(passwordFile);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
