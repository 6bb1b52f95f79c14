package org.staffetta.auth.oauth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/** Keys in a file. */
final class KeyFile implements KeySource {

    private final Path file;
    private Object seen = List.of();

    KeyFile(Path file) {
        this.file = file;
    }

    @Override
    public Optional<byte[]> read(boolean anyway) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Object now = List.of(attributes.lastModifiedTime(), attributes.size(),
                    String.valueOf(attributes.fileKey()));
            if (now.equals(seen) && !anyway) {
                return Optional.empty();
            }
            if (attributes.size() > MOST_OCTETS) {
                throw new IOException("it has more than " + MOST_OCTETS + " octets");
            }
            byte[] octets = Files.readAllBytes(file);
            seen = now;
            return Optional.of(octets);
        } catch (NoSuchFileException missing) {
            throw new IOException("there is no such file", missing);
        }
    }
}
