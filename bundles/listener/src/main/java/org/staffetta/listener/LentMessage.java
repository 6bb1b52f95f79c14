package org.staffetta.listener;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.spool.Draft;

/**
 * A message that is taken back although somebody may still be reading it: from then on he cannot. The draft behind it is for one thread; this lets
 * one read at a time.
 */
final class LentMessage implements Message {

    private final Message message;
    private final Draft draft;
    private boolean back;

    LentMessage(Message message, Draft draft) {
        this.message = message;
        this.draft = draft;
    }

    /** Waits for a read that is going on. */
    void takeBack() {
        synchronized (draft) {
            back = true;
        }
    }

    @Override
    public List<Header> headers() {
        return message.headers();
    }

    @Override
    public long size() {
        return message.size();
    }

    @Override
    public InputStream open() throws IOException {
        return alone(() -> new Lent(message.open()));
    }

    @Override
    public InputStream openBody() throws IOException {
        return alone(() -> new Lent(message.openBody()));
    }

    private interface Read<T> {
        T make() throws IOException;
    }

    private <T> T alone(Read<T> read) throws IOException {
        synchronized (draft) {
            if (back) {
                throw new IOException("the message was not waited for");
            }
            return read.make();
        }
    }

    private final class Lent extends FilterInputStream {

        Lent(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            return alone(super::read);
        }

        @Override
        public int read(byte[] octets, int offset, int length) throws IOException {
            return alone(() -> super.read(octets, offset, length));
        }

        @Override
        public long skip(long octets) throws IOException {
            return alone(() -> super.skip(octets));
        }
    }
}
