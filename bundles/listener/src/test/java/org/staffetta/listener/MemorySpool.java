package org.staffetta.listener;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Exchange;
import org.staffetta.api.spool.Spool;
import org.staffetta.api.spool.SpoolException;
import org.staffetta.api.spool.Tally;

/** A spool that remembers what was committed to it, and fails where a test wants it to. */
class MemorySpool implements Spool {

    /** What was committed. */
    record Stored(String id, Envelope envelope, List<Header> headers, String body, Map<String, String> attributes) {

        /** The values of all fields of this name. */
        List<String> values(String name) {
            return headers.stream().filter(header -> header.is(name)).map(Header::value).toList();
        }
    }

    /** Where it fails. */
    enum Failure {
        NONE, DRAFT_FULL, DRAFT_THROWS, BODY_FULL, BODY_THROWS, COMMIT_FAILS, COMMIT_THROWS
    }

    static final Reply FULL = new Reply(452, "4.3.1", "no room");

    final List<Stored> stored = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger open = new AtomicInteger();
    volatile Failure failure = Failure.NONE;
    private final AtomicInteger ids = new AtomicInteger();

    @Override
    public Draft draft() throws SpoolException {
        failIf(Failure.DRAFT_FULL, Failure.DRAFT_THROWS);
        open.incrementAndGet();
        return new MemoryDraft("Q" + ids.incrementAndGet(), body());
    }

    /** Where a body is kept; a test that only wants to count overrides this. */
    OutputStream body() {
        return new ByteArrayOutputStream();
    }

    private void failIf(Failure full, Failure broken) throws SpoolException {
        if (failure == full) {
            throw new SpoolException(FULL);
        }
        if (failure == broken) {
            throw new IllegalStateException("a bug in the spool");
        }
    }

    private final class MemoryDraft implements Draft {

        private final String id;
        private final OutputStream body;
        private boolean closed;

        private MemoryDraft(String id, OutputStream body) {
            this.id = id;
            this.body = body;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public OutputStream body() {
            return new OutputStream() {
                @Override
                public void write(int octet) throws IOException {
                    write(new byte[]{(byte) octet}, 0, 1);
                }

                @Override
                public void write(byte[] octets, int offset, int length) throws IOException {
                    failIf(Failure.BODY_FULL, Failure.BODY_THROWS);
                    body.write(octets, offset, length);
                }
            };
        }

        @Override
        public Message message(List<Header> headers) {
            return new MemoryMessage(headers, text().getBytes(StandardCharsets.ISO_8859_1));
        }

        @Override
        public void commit(Envelope envelope, List<Header> headers, Map<String, String> attributes)
                throws SpoolException {
            if (failure == Failure.COMMIT_FAILS) {
                throw new SpoolException(new Reply(451, "4.3.0", "the disk is gone"));
            }
            if (failure == Failure.COMMIT_THROWS) {
                throw new IllegalStateException("a bug in the spool");
            }
            stored.add(new Stored(id, envelope, headers, text(), attributes));
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                open.decrementAndGet();
            }
        }

        private String text() {
            return body instanceof ByteArrayOutputStream memory ? memory.toString(StandardCharsets.ISO_8859_1) : "";
        }
    }

    private record MemoryMessage(List<Header> headers, byte[] body) implements Message {

        @Override
        public long size() {
            return section().length + body.length;
        }

        @Override
        public InputStream open() {
            byte[] section = section();
            byte[] all = new byte[section.length + body.length];
            System.arraycopy(section, 0, all, 0, section.length);
            System.arraycopy(body, 0, all, section.length, body.length);
            return new ByteArrayInputStream(all);
        }

        @Override
        public InputStream openBody() {
            return new ByteArrayInputStream(body);
        }

        private byte[] section() {
            StringBuilder text = new StringBuilder();
            headers.forEach(header -> text.append(header.field()).append("\r\n"));
            return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    public Claim take() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Claim> claim(String id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Entry> find(String id) {
        return Optional.empty();
    }

    @Override
    public Stream<Entry> entries() {
        return Stream.empty();
    }

    @Override
    public long size() {
        return stored.size();
    }

    @Override
    public Tally tally() {
        return new Tally(size(), 0, 0, 0, 0);
    }

    @Override
    public Exchange exchange() {
        throw new UnsupportedOperationException("no test moves messages");
    }
}
