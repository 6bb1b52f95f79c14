package org.staffetta.mailbox.maildir;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mailbox.Mailbox.Stored;

/** Brings messages into mailboxes: tmp, force, new, force. */
final class Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final int CHUNK = 32 * 1024;

    private final Tree tree;
    private final SharedForce force;
    private final UniqueNames names;

    Delivery(Tree tree, SharedForce force, UniqueNames names) {
        this.tree = tree;
        this.force = force;
        this.names = names;
    }

    /** Returns the id of the message when it is durable; otherwise nothing of it is left, or all of it. */
    String deliver(MailboxPath path, String account, Message message, List<Header> trace) throws IOException {
        try (Folder mailbox = tree.prepare(path, account);
                Folder tmp = mailbox.open(Tree.TMP);
                Folder fresh = mailbox.open(Tree.NEW)) {
            String unique = names.next();
            Writer written = write(tmp, unique, writer -> {
                for (Header header : trace) {
                    byte[] field = (header.field() + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
                    writer.write(field, field.length);
                }
                copy(message::open, message.size(), writer);
            });
            FileName name = FileName.of(unique, written.onDisk, written.onWire);
            publish(tmp, unique, fresh, name.text());
            return name.id();
        } catch (IOException | RuntimeException failed) {
            tree.doubt(path);
            throw failed;
        }
    }

    /** Brings in a message of another store under its own id; otherwise as {@link #deliver}. */
    MaildirMessage.Place adopt(MailboxPath path, String account, Stored original) throws IOException {
        FileName.requireId(original.id());
        Set<String> flags = original.flags();
        // what has flags was seen by a program: its place is cur
        String subfolder = flags.isEmpty() ? Tree.NEW : Tree.CUR;
        try (Folder mailbox = tree.prepare(path, account);
                Folder tmp = mailbox.open(Tree.TMP);
                Folder target = mailbox.open(subfolder)) {
            String unique = names.next();
            Writer written = write(tmp, unique, writer -> copy(original::open, original.size(), writer));
            tmp.touch(unique, original.delivered());
            FileName name = FileName.adopted(original.id(), written.onDisk, written.onWire, original.delivered())
                    .with(flags);
            name = flags.isEmpty() ? name : name.inCur();
            publish(tmp, unique, target, name.text());
            return new MaildirMessage.Place(subfolder, name);
        } catch (IOException | RuntimeException failed) {
            tree.doubt(path);
            throw failed;
        }
    }

    private static Writer write(Folder tmp, String unique, Content content) throws IOException {
        Folder.Output output = tmp.create(unique);
        try (output) {
            Writer writer = new Writer(output);
            content.to(writer);
            writer.end();
            output.force();
            return writer;
        } catch (IOException | RuntimeException failed) {
            remove(tmp, unique);
            throw failed;
        }
    }

    private static void copy(Source source, long size, Writer writer) throws IOException {
        long before = writer.onWire;
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = source.open()) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                writer.write(chunk, n);
            }
        }
        // a message that ends early must not pass for the whole
        if (writer.onWire - before != size) {
            throw new EOFException(
                    "the message has " + size + " octets, but " + (writer.onWire - before) + " could be read");
        }
    }

    @FunctionalInterface
    private interface Content {
        void to(Writer writer) throws IOException;
    }

    @FunctionalInterface
    private interface Source {
        InputStream open() throws IOException;
    }

    private void publish(Folder tmp, String unique, Folder fresh, String name) throws IOException {
        try {
            tmp.move(unique, fresh, name);
        } catch (IOException | RuntimeException failed) {
            remove(tmp, unique);
            throw failed;
        }
        try {
            force.force(fresh);
        } catch (IOException | RuntimeException failed) {
            // it will be delivered again: better only then
            remove(fresh, name);
            throw failed;
        }
    }

    private static void remove(Folder folder, String name) {
        try {
            folder.delete(name);
        } catch (IOException failed) {
            LOG.debug("{} stays in {}", name, folder, failed);
        }
    }

    private static final class Writer {

        private final Folder.Output output;
        private final LineEnds.ToDisk lineEnds = new LineEnds.ToDisk();
        private final ByteBuffer buffer = ByteBuffer.allocate(CHUNK + 1);
        private long onDisk;
        private long onWire;

        Writer(Folder.Output output) {
            this.output = output;
        }

        void write(byte[] octets, int length) throws IOException {
            int done = 0;
            while (done < length) {
                if (buffer.remaining() < 2) {
                    flush();
                }
                int part = Math.min(length - done, buffer.remaining() - 1);
                lineEnds.convert(octets, done, part, buffer);
                done += part;
            }
            onWire += length;
        }

        void end() throws IOException {
            if (!buffer.hasRemaining()) {
                flush();
            }
            lineEnds.end(buffer);
            flush();
        }

        private void flush() throws IOException {
            buffer.flip();
            onDisk += buffer.remaining();
            output.write(buffer);
            buffer.clear();
        }
    }
}
