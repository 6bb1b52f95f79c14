package org.staffetta.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * PostgreSQL's own programs, and as whom they run.
 *
 * @param folder that has them
 * @param as what to put before a command so that it does not run as root; empty where there is nothing to put
 */
record PostgresPrograms(Path folder, List<String> as) {

    private static final String MISSING = "The tests need PostgreSQL's server programs, initdb and postgres: install them "
            + "(Debian, Ubuntu: apt install postgresql; Fedora: dnf install postgresql-server; macOS: brew install postgresql), "
            + "or set PG_BIN to the folder that they are in";

    /**
     * Looks for them.
     *
     * @param work the folder that they are to work in; given to whom they run as
     * @throws IOException if they are not installed: its message says what to do
     */
    static PostgresPrograms find(Path work) throws IOException, InterruptedException {
        return new PostgresPrograms(first(folders()), owner(work));
    }

    /** The first that has them. */
    static Path first(List<Path> folders) throws IOException {
        return folders.stream()
                .filter(one -> Files.isExecutable(one.resolve("initdb")) && Files.isExecutable(one.resolve("postgres")))
                .findFirst().orElseThrow(() -> new IOException(MISSING));
    }

    String path(String program) {
        return folder.resolve(program).toString();
    }

    /** Runs a program to its end. */
    void run(Path work, List<String> command) throws IOException, InterruptedException {
        output(work, Stream.concat(as.stream(), command.stream()).toList());
    }

    // Debian has a folder for each version and puts none into the path
    private static List<Path> folders() throws IOException {
        List<Path> folders = new ArrayList<>();
        String named = System.getenv("PG_BIN");
        if (named != null) {
            folders.add(Path.of(named));
        }
        Path debian = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(debian)) {
            try (Stream<Path> versions = Files.list(debian)) {
                versions.sorted(Comparator.comparing(PostgresPrograms::version).reversed())
                        .map(version -> version.resolve("bin")).forEach(folders::add);
            }
        }
        Stream.of("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin").map(Path::of).forEach(folders::add);
        return folders;
    }

    private static int version(Path folder) {
        String name = folder.getFileName().toString().replaceAll("\\D.*", "");
        return name.isEmpty() ? 0 : Integer.parseInt(name);
    }

    // PostgreSQL refuses to run as root
    private static List<String> owner(Path work) throws IOException, InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return List.of();
        }
        for (String name : List.of("postgres", "nobody")) {
            try {
                UserPrincipal user = work.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name);
                Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwx------"));
                Files.setOwner(work, user);
                String group = output(work, List.of("id", "-g", name)).strip();
                return List.of("setpriv", "--reuid=" + name, "--regid=" + group, "--clear-groups", "--inh-caps=-all",
                        "--");
            } catch (UserPrincipalNotFoundException next) {
                // the next one
            }
        }
        throw new IOException("PostgreSQL does not run as root, and there is neither a user postgres nor nobody");
    }

    private static String output(Path work, List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(work.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said;
        try (InputStream output = process.getInputStream()) {
            said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (process.waitFor() != 0) {
            throw new IOException(command + " failed: " + said);
        }
        return said;
    }
}
