package org.staffetta.filter.dmarc;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Spool;
import org.staffetta.api.spool.SpoolException;
import org.staffetta.domainkey.TestMessage;

/** Takes messages, or has no room. */
final class MemorySpool {

    final List<Stored> stored = new ArrayList<>();
    int room = Integer.MAX_VALUE;

    record Stored(Envelope envelope, List<Header> headers, String body) {

        String value(String name) {
            return headers.stream().filter(header -> header.is(name)).findFirst().orElseThrow().value();
        }
    }

    Spool spool() {
        return (Spool) Proxy.newProxyInstance(Spool.class.getClassLoader(), new Class<?>[]{Spool.class},
                (_, method, _) -> {
                    if (!method.getName().equals("draft")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    if (stored.size() >= room) {
                        throw new SpoolException(new Reply(452, "4.3.1", "no room"));
                    }
                    return new MemoryDraft();
                });
    }

    private final class MemoryDraft implements Draft {

        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        @Override
        public String id() {
            return "Q" + stored.size();
        }

        @Override
        public OutputStream body() {
            return body;
        }

        @Override
        public Message message(List<Header> headers) {
            return new TestMessage(headers, body.toString(StandardCharsets.ISO_8859_1));
        }

        @Override
        public void commit(Envelope envelope, List<Header> headers, Map<String, String> attributes) {
            stored.add(new Stored(envelope, headers, body.toString(StandardCharsets.US_ASCII)));
        }

        @Override
        public void close() {}
    }
}
