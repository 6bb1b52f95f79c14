package org.staffetta.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * Where an identity is.
 *
 * @param file chain, or all of it
 * @param key the private key; empty if it is in the first file
 * @param password of the key; empty if it has none. Secret
 */
record IdentityFiles(String file, String key, String password) {

    private static final int MAX_OCTETS = 1 << 20;

    /** What changes when a file does, symbolic links followed. */
    Object state(Path folder) throws IOException {
        List<Object> state = new ArrayList<>();
        for (Path path : paths(folder)) {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            state.add(List.of(attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey())));
        }
        return state;
    }

    /**
     * Reads and checks.
     *
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException if what is in it is of no use; the message is for the operator and holds nothing secret
     */
    Identity read(Path folder, String name) throws IOException {
        List<Path> paths = paths(folder);
        byte[] first = octets(paths.getFirst());
        if (first.length > 0 && first[0] == Pkcs12.SEQUENCE) {
            return Pkcs12.read(name, file, first, password);
        }
        PemContent content = PemContent.of(first, password);
        return paths.size() == 1
                ? content.identity(name, file)
                : content.and(PemContent.of(octets(paths.getLast()), password)).identity(name, file);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return key.isEmpty() ? file : file + " and " + key;
    }

    private List<Path> paths(Path folder) {
        return key.isEmpty() ? List.of(folder.resolve(file)) : List.of(folder.resolve(file), folder.resolve(key));
    }

    private static byte[] octets(Path path) throws IOException {
        if (Files.size(path) > MAX_OCTETS) {
            throw new IllegalArgumentException(path.getFileName() + " is too large for a certificate");
        }
        return Files.readAllBytes(path);
    }
}
