package org.staffetta.shell.client;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What both ends of the control socket know: where it is, and its frames. */
public final class Control {

    /** The socket in the folder of data. */
    public static final String SOCKET = "control.sock";
    /** The file in the folder of data that says where the socket is instead; present only if the folder's name is too long for a socket. */
    public static final String POINTER = "control.path";

    /** One argument. */
    public static final byte ARGUMENT = 'A';
    /** No more arguments. */
    public static final byte GO = 'G';
    /** A piece of standard input. */
    public static final byte INPUT = 'I';
    /** The end of standard input. */
    public static final byte INPUT_END = 'Z';
    /** A piece of standard output. */
    public static final byte OUTPUT = 'O';
    /** A piece of standard error. */
    public static final byte ERROR = 'E';
    /** The exit status: the end. */
    public static final byte EXIT = 'X';

    /** The longest frame in octets. */
    public static final int MAX_FRAME = 64 * 1024;
    /** The greatest number of arguments. */
    public static final int MAX_ARGUMENTS = 1000;
    /** All arguments together, in octets. */
    public static final int MAX_ARGUMENT_OCTETS = 256 * 1024;

    /** The exit status for a problem. */
    public static final int PROBLEM = 1;
    /** The exit status for wrong usage. */
    public static final int USAGE = 2;
    /** The exit status when the server does not run. */
    public static final int NOT_RUNNING = 75;

    private static final int HEAD = 5;

    private Control() {}

    /**
     * One frame.
     *
     * @param type one of the constants above
     * @param content its octets
     */
    public record Frame(byte type, byte[] content) {

        /** The content as text. */
        public String text() {
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    /** Where the socket of a server is that keeps its data in a folder. */
    public static Path locate(Path data) throws IOException {
        Path pointer = data.resolve(POINTER);
        return Files.exists(pointer) ? Path.of(Files.readString(pointer).strip()) : data.resolve(SOCKET);
    }

    /** Writes a frame. Not for several threads at once. */
    public static void write(WritableByteChannel channel, byte type, byte[] content, int from, int length)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(HEAD + length).put(type).putInt(length).put(content, from, length);
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /**
     * Reads a frame.
     *
     * @return null if the other side has closed the connection between two frames
     * @throws IOException if it is closed within one, or a frame is too long
     */
    public static @Nullable Frame read(ReadableByteChannel channel) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD);
        if (!fill(channel, head)) {
            return null;
        }
        head.flip();
        byte type = head.get();
        int length = head.getInt();
        if (length < 0 || length > MAX_FRAME) {
            throw new IOException("a frame is longer than the limit");
        }
        ByteBuffer content = ByteBuffer.allocate(length);
        if (length > 0 && !fill(channel, content)) {
            throw new EOFException("the connection ended within a frame");
        }
        return new Frame(type, content.array());
    }

    private static boolean fill(ReadableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                if (buffer.position() == 0) {
                    return false;
                }
                throw new EOFException("the connection ended within a frame");
            }
        }
        return true;
    }
}
