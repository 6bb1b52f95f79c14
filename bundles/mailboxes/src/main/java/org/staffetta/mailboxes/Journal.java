package org.staffetta.mailboxes;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Lines on stable storage, each with its checksum. Not an interruptible channel: who is interrupted while he writes closes it for nobody. For one thread
 * at a time.
 */
final class Journal implements AutoCloseable {

    private static final int SUM = 8;

    private final Path file;
    private @Nullable FileOutputStream out;
    private long length;

    Journal(Path file) {
        this.file = file;
    }

    /**
     * Reads what is there. A last line that was not written to its end, for the power went, is left out: nobody was told that it was written.
     *
     * @throws IOException if a line before the last one is damaged
     */
    void read(Consumer<String> lines) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            int number = 0;
            int damaged = 0;
            for (String line = line(in); line != null; line = line(in)) {
                number++;
                if (damaged > 0) {
                    throw new IOException(file + ": line " + damaged + " is damaged; where mailboxes are is not known");
                }
                damaged = isWhole(line) ? 0 : number;
                if (damaged == 0) {
                    lines.accept(line.substring(SUM + 1));
                }
            }
        }
    }

    /** Writes anew what is to be there, in place of all that is. */
    void rewrite(Stream<String> lines) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileOutputStream stream = new FileOutputStream(fresh.toFile());
                BufferedWriter writer = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8))) {
            for (String line : (Iterable<String>) lines::iterator) {
                writer.write(sum(line) + " " + line + "\n");
            }
            writer.flush();
            stream.getFD().sync();
        }
        closeQuietly();
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
        length = Files.size(file);
        out = new FileOutputStream(file.toFile(), true);
    }

    /**
     * Adds lines; on return they are on stable storage.
     *
     * @throws IOException if that is not certain; the journal must be {@link #rewrite written anew} before more is added
     */
    void append(List<String> lines) throws IOException {
        FileOutputStream stream = out;
        if (stream == null) {
            throw new IOException(file + " is not open");
        }
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(sum(line)).append(' ').append(line).append('\n'));
        byte[] octets = text.toString().getBytes(StandardCharsets.UTF_8);
        try {
            stream.write(octets);
            stream.getFD().sync();
            length += octets.length;
        } catch (IOException failed) {
            // a sync that failed once says nothing the next time
            closeQuietly();
            throw failed;
        }
    }

    /** Whether lines can be added. */
    boolean isOpen() {
        return out != null;
    }

    /** How many octets there are. */
    long length() {
        return length;
    }

    @Override
    public void close() {
        closeQuietly();
    }

    private void closeQuietly() {
        try {
            if (out != null) {
                out.close();
            }
        } catch (IOException gone) {
            // all that counts was synced
        } finally {
            out = null;
        }
    }

    // null at the end; what an LF does not end is no line of ours
    private static @Nullable String line(BufferedReader in) throws IOException {
        StringBuilder line = new StringBuilder();
        int c;
        while ((c = in.read()) >= 0 && c != '\n') {
            line.append((char) c);
        }
        return c < 0 && line.isEmpty() ? null : line.append(c < 0 ? "\0" : "").toString();
    }

    private static boolean isWhole(String line) {
        return line.length() > SUM && line.charAt(SUM) == ' '
                && line.substring(0, SUM).equals(sum(line.substring(SUM + 1)));
    }

    private static String sum(String line) {
        CRC32 sum = new CRC32();
        sum.update(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
        return "%08x".formatted(sum.getValue());
    }
}
