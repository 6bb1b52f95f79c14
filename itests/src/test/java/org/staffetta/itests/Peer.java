package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** A mail server that others wrote, running from a folder of its own. It takes mail from this machine for anybody. */
interface Peer {

    /** Where it listens. */
    int port();

    /** All that it has logged. */
    String log();

    /** The mail that it has delivered. */
    List<String> mails();

    void stop() throws IOException, InterruptedException;

    /** How one of our listeners is reached. */
    record Ours(int smtp, int submissions, int submission) {}

    /** Some port that is free now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A folder into which everybody may write, whatever user the server becomes. */
    static Path publicFolder(Path folder) throws IOException {
        Path made = Files.createDirectories(folder);
        return Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    /** The content of the files below a folder. */
    static List<String> contents(Path folder) {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).map(Peer::content).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
