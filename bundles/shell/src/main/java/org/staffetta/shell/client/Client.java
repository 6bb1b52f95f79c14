package org.staffetta.shell.client;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.staffetta.shell.client.Control.Frame;

/**
 * Runs one command in the server that keeps its data in a folder, or the interactive shell.
 *
 * <pre>
 * java -cp org.staffetta.shell.jar org.staffetta.shell.client.Client DATA COMMAND [ARGUMENT...]
 * </pre>
 */
public final class Client {

    private final InputStream in;
    private final OutputStream out;
    private final OutputStream err;

    /** A client with the streams of its user. */
    public Client(InputStream in, OutputStream out, OutputStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /** Ends the JVM with the command's exit status. */
    public static void main(String[] arguments) {
        Client client = new Client(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err));
        System.exit(client.run(arguments));
    }

    /** Runs a command: the folder of data, the command's name, its arguments. Returns the exit status. */
    public int run(String... arguments) {
        if (arguments.length < 2) {
            complain("usage: staffetta COMMAND [ARGUMENT...]; staffetta help lists the commands");
            return Control.USAGE;
        }
        SocketChannel channel;
        try {
            channel = connect(Path.of(arguments[0]));
        } catch (IOException | RuntimeException e) {
            complain("staffetta: the server is not running (nobody answers in ".concat(arguments[0]).concat(")"));
            return Control.NOT_RUNNING;
        }
        try (channel) {
            return converse(channel, arguments);
        } catch (IOException e) {
            complain("staffetta: the connection to the server broke: ".concat(String.valueOf(e.getMessage())));
            return Control.NOT_RUNNING;
        }
    }

    private static SocketChannel connect(Path data) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(Control.locate(data)));
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private int converse(SocketChannel channel, String[] arguments) throws IOException {
        boolean reads = arguments[1].equals("shell");
        for (int i = 1; i < arguments.length; i++) {
            byte[] argument = absolute(arguments, i).getBytes(StandardCharsets.UTF_8);
            if (argument.length > Control.MAX_FRAME) {
                complain("staffetta: an argument is too long");
                return Control.USAGE;
            }
            Control.write(channel, Control.ARGUMENT, argument, 0, argument.length);
            reads |= arguments[i].equals("-");
        }
        Control.write(channel, Control.GO, new byte[0], 0, 0);
        if (reads) {
            pump(channel);
        } else {
            Control.write(channel, Control.INPUT_END, new byte[0], 0, 0);
        }
        return receive(channel);
    }

    // The server has another working directory: a jar that is named is named for both.
    private static String absolute(String[] arguments, int i) {
        boolean isJar = arguments[1].equals("plugin") && i > 2
                && (arguments[2].equals("install") || arguments[2].equals("update"));
        return isJar && !arguments[i].startsWith("-")
                ? Path.of(arguments[i]).toAbsolutePath().toString()
                : arguments[i];
    }

    private int receive(SocketChannel channel) throws IOException {
        Frame frame = Control.read(channel);
        while (frame != null && frame.type() != Control.EXIT) {
            OutputStream stream = frame.type() == Control.OUTPUT ? out : err;
            try {
                stream.write(frame.content());
                stream.flush();
            } catch (IOException e) {
                return Control.PROBLEM; // who read our output has gone, as head(1) does
            }
            frame = Control.read(channel);
        }
        if (frame == null || frame.content().length != 1) {
            throw new IOException("it closed without an exit status");
        }
        return frame.content()[0] & 0xff;
    }

    // A daemon: it may wait for a keyboard long after the server said goodbye.
    private void pump(final SocketChannel channel) {
        Thread thread = new Thread("stdin") {
            @Override
            public void run() {
                copy(channel);
            }
        };
        thread.setDaemon(true);
        thread.start();
    }

    private void copy(SocketChannel channel) {
        byte[] buffer = new byte[8192];
        try {
            int count = in.read(buffer);
            while (count >= 0) {
                Control.write(channel, Control.INPUT, buffer, 0, count);
                count = in.read(buffer);
            }
            Control.write(channel, Control.INPUT_END, new byte[0], 0, 0);
        } catch (IOException e) {
            // the server has ended the conversation: the thread that receives knows why
        }
    }

    private void complain(String line) {
        try {
            err.write(line.concat("\n").getBytes(StandardCharsets.UTF_8));
            err.flush();
        } catch (IOException e) {
            // nobody is left to be told; the exit status says it
        }
    }
}
