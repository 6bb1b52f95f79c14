package org.staffetta.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A real PostgreSQL server, started once for all tests of a JVM in a folder of its own, on a free port of the loopback interface, as safe as one
 * in earnest (it syncs), with a password that nobody else knows. It ends with the JVM, however that ends, and takes its folder along.
 *
 * <p>Its programs are looked for in the folder named by the environment variable {@code PG_BIN}, then in those of Debian and the like
 * ({@code /usr/lib/postgresql/<version>/bin}, the newest), Red Hat and macOS. It refuses to run as root; then it runs as the user
 * {@code postgres}, or else {@code nobody}. The tests' JDBC driver must be on the class path.
 */
public final class PostgresServer {

    private static final String USER = "staffetta";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Waits for the end of its standard input, which is ours, and ends the server then. */
    private static final String KEEPER = "dir=$1; shift; \"$@\" </dev/null >\"$dir/log\" 2>&1 & pid=$!; cat >/dev/null; "
            + "kill -QUIT $pid; wait $pid; rm -rf \"$dir\"";

    private static @Nullable PostgresServer shared;

    private final AtomicInteger databases = new AtomicInteger();
    private final int port;
    private final String password;

    private PostgresServer(int port, String password) {
        this.port = port;
        this.password = password;
    }

    /** A database of its own, new and empty. */
    public record Database(String url, String user, String password) {

        /** A new connection. */
        public Connection connect() throws SQLException {
            return DriverManager.getConnection(url, user, password);
        }
    }

    /** The server of this JVM; the test is skipped if PostgreSQL is not installed. */
    public static synchronized PostgresServer shared() throws IOException, InterruptedException {
        PostgresServer server = shared;
        if (server == null) {
            Optional<Path> programs = programs();
            Assumptions.assumeTrue(programs.isPresent(),
                    "PostgreSQL is not installed (apt install postgresql) and PG_BIN names no folder with initdb and postgres");
            server = start(programs.orElseThrow());
            shared = server;
        }
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

    private Database database(String name) {
        return new Database("jdbc:postgresql://127.0.0.1:" + port + "/" + name, USER, password);
    }

    private static Optional<Path> programs() throws IOException {
        List<Path> folders = new ArrayList<>();
        Optional.ofNullable(System.getenv("PG_BIN")).map(Path::of).ifPresent(folders::add);
        Path debian = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(debian)) {
            try (Stream<Path> versions = Files.list(debian)) {
                versions.sorted(Comparator.comparing(PostgresServer::version).reversed())
                        .map(version -> version.resolve("bin")).forEach(folders::add);
            }
        }
        Stream.of("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin").map(Path::of).forEach(folders::add);
        return folders.stream().filter(folder -> Files.isExecutable(folder.resolve("initdb"))
                && Files.isExecutable(folder.resolve("postgres"))).findFirst();
    }

    private static int version(Path folder) {
        String name = folder.getFileName().toString().replaceAll("\\D.*", "");
        return name.isEmpty() ? 0 : Integer.parseInt(name);
    }

    private static PostgresServer start(Path programs) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("staffetta-postgres");
        List<String> as = owner(folder);
        byte[] secret = new byte[16];
        RandomGenerator.of("SecureRandom").nextBytes(secret);
        PostgresServer server = new PostgresServer(freePort(), HexFormat.of().formatHex(secret));
        Path passwordFile = Files.writeString(folder.resolve("password"), server.password, StandardCharsets.US_ASCII);
        if (!as.isEmpty()) {
            Files.setOwner(passwordFile, Files.getOwner(folder));
        }
        run(as, folder,
                List.of(programs.resolve("initdb").toString(), "-D", folder.resolve("data").toString(), "-U", USER,
                        "-A", "scram-sha-256", "--pwfile", passwordFile.toString(), "-E", "UTF8", "--locale=C",
                        "--no-sync"));
        Files.delete(passwordFile);
        List<String> command = new ArrayList<>(as);
        command.addAll(List.of("sh", "-c", KEEPER, "postgres-keeper", folder.toString(),
                programs.resolve("postgres").toString(), "-D", folder.resolve("data").toString(), "-h", "127.0.0.1",
                "-p",
                Integer.toString(server.port), "-k", "", "-c", "max_connections=200"));
        // its standard input ends when this JVM does
        Process keeper = new ProcessBuilder(command).directory(folder.toFile())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        Awaitility.await().atMost(PATIENCE).until(() -> server.answers(keeper, folder));
        return server;
    }

    private boolean answers(Process keeper, Path folder) throws IOException {
        if (!keeper.isAlive()) {
            throw new IOException(
                    "PostgreSQL does not start: " + Files.readString(folder.resolve("log"), StandardCharsets.UTF_8));
        }
        try (Connection connection = database("postgres").connect()) {
            return connection.isValid(1);
        } catch (SQLException notYet) {
            return false;
        }
    }

    // what to put before a command so that it does not run as root; the folder is given to whom it runs as
    private static List<String> owner(Path folder) throws IOException, InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return List.of();
        }
        for (String name : List.of("postgres", "nobody")) {
            try {
                UserPrincipal user = folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name);
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
                Files.setOwner(folder, user);
                String group = run(List.of(), folder, List.of("id", "-g", name)).strip();
                return List.of("setpriv", "--reuid=" + name, "--regid=" + group, "--clear-groups", "--inh-caps=-all",
                        "--");
            } catch (java.nio.file.attribute.UserPrincipalNotFoundException next) {
                // the next one
            }
        }
        throw new IOException("PostgreSQL does not run as root, and there is neither a user postgres nor nobody");
    }

    private static String run(List<String> as, Path folder, List<String> command)
            throws IOException, InterruptedException {
        List<String> all = Stream.concat(as.stream(), command.stream()).toList();
        Process process = new ProcessBuilder(all).directory(folder.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said;
        try (InputStream output = process.getInputStream()) {
            said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (process.waitFor() != 0) {
            throw new IOException(Arrays.toString(all.toArray()) + " failed: " + said);
        }
        return said;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
