package org.staffetta.shell;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.staffetta.shell.client.Control;

/**
 * The file of the control socket: made where nobody else can enter, given mode 0600, and only then moved to its place. So there is no moment at which
 * it could be opened by others, whatever the umask is.
 */
final class SocketPlace {

    // sun_path has 108 octets on Linux and 104 on the BSDs, with a final NUL
    private static final int LONGEST_PATH = 100;
    private static final String PREFIX = "staffetta-";

    private final Path data;
    private Path path;

    SocketPlace(Path data) {
        this.data = data;
        this.path = data.resolve(Control.SOCKET);
    }

    /** Where the socket is, once bound. */
    Path path() {
        return path;
    }

    /**
     * Binds the socket.
     *
     * @throws IOException if another server has its data there, or there can be no socket; the message is one line for people
     */
    ServerSocketChannel bind() throws IOException {
        Files.createDirectories(data);
        path = Control.locate(data);
        if (isAlive()) {
            throw new IOException("another server answers at " + path + "; this one takes no commands");
        }
        remove();
        if (fits(data.resolve(Control.SOCKET))) {
            path = data.resolve(Control.SOCKET);
            return bindIn(Files.createTempDirectory(data, ".c"));
        }
        Path folder = Files.createTempDirectory(PREFIX);
        path = folder.resolve(Control.SOCKET);
        if (!fits(path)) {
            Files.delete(folder);
            throw new IOException("the control socket's path is longer than " + LONGEST_PATH + " octets: " + path);
        }
        ServerSocketChannel server = bindAt(path);
        Path pointer = Files.createTempFile(data, ".c", "");
        Files.writeString(pointer, path + "\n");
        Files.move(pointer, data.resolve(Control.POINTER), StandardCopyOption.ATOMIC_MOVE);
        return server;
    }

    /** Takes away the socket, and what was made for it. */
    void remove() throws IOException {
        Files.deleteIfExists(path);
        Path folder = path.getParent();
        if (Files.deleteIfExists(data.resolve(Control.POINTER)) && folder != null
                && folder.getFileName().toString().startsWith(PREFIX)) {
            Files.deleteIfExists(folder);
        }
        path = data.resolve(Control.SOCKET);
        Files.deleteIfExists(path);
    }

    // mode 0700, as createTempDirectory makes it
    private ServerSocketChannel bindIn(Path folder) throws IOException {
        Path hidden = folder.resolve("s");
        try {
            ServerSocketChannel server = bindAt(hidden);
            Files.move(hidden, path, StandardCopyOption.ATOMIC_MOVE);
            return server;
        } finally {
            Files.deleteIfExists(hidden);
            Files.deleteIfExists(folder);
        }
    }

    private static ServerSocketChannel bindAt(Path socket) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private boolean isAlive() {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return fits(path) && probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean fits(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_PATH;
    }
}
