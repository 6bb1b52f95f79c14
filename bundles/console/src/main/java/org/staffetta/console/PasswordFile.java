package org.staffetta.console;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.ByteBuffer;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;

/**
 * The file with the hash of the password.
 *
 * @param hash what a password is checked against
 * @param fresh the password itself if it has just been made; empty otherwise
 */
record PasswordFile(PasswordHash hash, String fresh) {
    // no letters that look like digits
    private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyz023456789";
    private static final int GROUPS = 4;
    private static final int GROUP = 7; // of 5 bits each: 140 bits

    /**
     * Reads the file, or makes it with a new password.
     *
     * @throws IOException if neither works; the message says what to do
     */
    static PasswordFile open(Path path, SecureRandom random) throws IOException {
        if (!Files.exists(path)) {
            String password = password(random);
            PasswordHash hash = PasswordHash.of(password, random);
            create(path, hash + "\n");
            return new PasswordFile(hash, password);
        }
        try {
            return new PasswordFile(PasswordHash.parse(Files.readString(path).strip()), "");
        } catch (IllegalArgumentException | IOException e) {
            throw new IOException(path + " cannot be used: " + e.getMessage() + "; delete it to get a new password", e);
        }
    }

    private static String password(SecureRandom random) {
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < GROUPS * GROUP; i++) {
            password.append(i > 0 && i % GROUP == 0 ? "-" : "")
                    .append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return password.toString();
    }

    /** Nobody else can read it at any moment, and it is whole or not there. */
    private static void create(Path path, String content) throws IOException {
        Path draft = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(draft);
        boolean posix = Files.getFileStore(path.toAbsolutePath().getParent()).supportsFileAttributeView("posix");
        FileAttribute<?>[] mode = posix
                ? new FileAttribute<?>[]{
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
        try (FileChannel channel = FileChannel.open(draft,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)) {
            channel.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.US_ASCII)));
            channel.force(true);
        }
        Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
    }
}
