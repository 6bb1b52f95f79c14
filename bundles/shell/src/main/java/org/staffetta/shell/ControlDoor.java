package org.staffetta.shell;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.shell.client.Control;
import org.staffetta.shell.client.Control.Frame;

/** The Unix domain socket at which commands are taken; one virtual thread for each client. */
final class ControlDoor implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlDoor.class);
    private static final int MAX_CLIENTS = 64;
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final byte[] NOTHING = {};

    private final SocketPlace place;
    private final Shell shell;
    private final ServerSocketChannel server;
    private final Semaphore room = new Semaphore(MAX_CLIENTS);
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();

    /** Runs a command to its end. */
    interface Shell {

        /** Returns the exit status. */
        int run(List<String> words, InputStream in, PrintStream out, PrintStream err);
    }

    /**
     * Opens the door.
     *
     * @param data the folder of data
     * @throws IOException if there can be no socket; the message is one line for people
     */
    ControlDoor(Path data, Shell shell) throws IOException {
        this.shell = shell;
        this.place = new SocketPlace(data);
        this.server = place.bind();
        Thread.ofVirtual().name("staffetta-control").start(this::accept);
    }

    /** Where the socket is. */
    Path path() {
        return place.path();
    }

    /** Takes no more commands, gives those that run a moment to say their last word, and ends them. */
    @Override
    public void close() throws IOException {
        server.close();
        place.remove();
        long deadline = System.nanoTime() + GRACE.toNanos();
        try {
            while (!clients.isEmpty() && System.nanoTime() < deadline) {
                Thread.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (SocketChannel client : clients) {
            client.close();
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                clients.add(client);
                Thread.ofVirtual().name("staffetta-command").start(() -> serve(client));
            } catch (IOException e) {
                pauseUnlessClosed(e);
            }
        }
    }

    // EMFILE comes back at once, again and again: a loop without a pause would spin
    private void pauseUnlessClosed(IOException e) {
        if (!server.isOpen()) {
            return;
        }
        LOG.warn("The control socket cannot take a client: {}", e.toString());
        try {
            Thread.sleep(Duration.ofMillis(100));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(SocketChannel client) {
        boolean entered = room.tryAcquire();
        try (client) {
            List<String> words = words(client);
            PrintStream out = stream(client, Control.OUTPUT);
            PrintStream err = stream(client, Control.ERROR);
            int status = Control.NOT_RUNNING;
            if (entered) {
                status = shell.run(words, new FrameInput(client), out, err);
            } else {
                err.println("staffetta: too many commands run at once");
            }
            out.flush();
            err.flush();
            byte[] exit = {(byte) status};
            Control.write(client, Control.EXIT, exit, 0, exit.length);
            drain(client);
        } catch (IOException e) {
            LOG.debug("A client of the control socket has gone", e);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("A command broke", e);
        } finally {
            clients.remove(client);
            if (entered) {
                room.release();
            }
        }
    }

    // To close while input is unread resets the connection, and the client would lose our last words: so the client closes first.
    private static void drain(SocketChannel client) throws IOException {
        while (Control.read(client) != null) {
            continue;
        }
    }

    private static List<String> words(SocketChannel client) throws IOException {
        List<String> words = new ArrayList<>();
        int octets = 0;
        while (true) {
            Frame frame = Control.read(client);
            if (frame != null && frame.type() == Control.GO) {
                return words;
            }
            if (frame == null || frame.type() != Control.ARGUMENT || words.size() == Control.MAX_ARGUMENTS
                    || octets + frame.content().length > Control.MAX_ARGUMENT_OCTETS) {
                throw new IOException("what a client sent is no command");
            }
            octets += frame.content().length;
            words.add(frame.text());
        }
    }

    private static PrintStream stream(SocketChannel client, byte type) {
        return new PrintStream(new BufferedOutputStream(new FrameOutput(client, type), 8192), true,
                StandardCharsets.UTF_8);
    }

    /** Standard input of a command: taken from the client when the command asks for it. */
    private static final class FrameInput extends InputStream {

        private final SocketChannel client;
        private byte[] content = NOTHING;
        private int next;
        private boolean ended;

        FrameInput(SocketChannel client) {
            this.client = client;
        }

        @Override
        public int read() throws IOException {
            return fill() ? content[next++] & 0xff : -1;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, content.length - next);
            System.arraycopy(content, next, buffer, from, count);
            next += count;
            return count;
        }

        private boolean fill() throws IOException {
            while (next == content.length && !ended) {
                Frame frame = Control.read(client);
                ended = frame == null || frame.type() != Control.INPUT;
                content = frame == null || ended ? NOTHING : frame.content();
                next = 0;
            }
            return next < content.length;
        }
    }

    /** An output of a command; two of them share a connection. */
    private static final class FrameOutput extends OutputStream {

        private final SocketChannel client;
        private final byte type;

        FrameOutput(SocketChannel client, byte type) {
            this.client = client;
            this.type = type;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[]{(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int from, int length) throws IOException {
            // one frame at a time, whichever stream it comes from
            synchronized (client) {
                for (int done = 0; done < length; done += Control.MAX_FRAME) {
                    Control.write(client, type, octets, from + done, Math.min(Control.MAX_FRAME, length - done));
                }
            }
        }
    }
}
