package org.staffetta.mda;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mailbox.Mailbox;
import org.staffetta.api.mailbox.MailboxStore;

/** Mailboxes in memory that can be made to fail. */
final class MemoryStore implements MailboxStore {

    final Map<String, List<String>> mail = new LinkedHashMap<>();
    Consumer<String> before = account -> {};
    IOException failure;

    @Override
    public Mailbox open(String account) throws IOException {
        before.accept(account);
        if (failure != null) {
            throw failure;
        }
        return new MemoryMailbox(mail.computeIfAbsent(account, name -> new ArrayList<>()));
    }

    @Override
    public Stream<String> accounts() {
        return mail.keySet().stream();
    }

    private record MemoryMailbox(List<String> texts) implements Mailbox {

        @Override
        public String deliver(Message message, List<Header> trace) throws IOException {
            StringBuilder text = new StringBuilder();
            trace.forEach(header -> text.append(header.field()).append("\r\n"));
            try (InputStream in = message.open()) {
                String octets = new String(in.readAllBytes(), ISO_8859_1);
                if (octets.length() != message.size()) {
                    throw new IOException("size " + message.size() + ", but " + octets.length() + " octets");
                }
                texts.add(text + octets);
            }
            return "id" + texts.size();
        }

        @Override
        public Stored adopt(Stored original) {
            throw new UnsupportedOperationException("not needed");
        }

        @Override
        public List<Stored> messages() {
            return texts.stream().<Stored>map(MemoryStored::new).toList();
        }
    }

    private record MemoryStored(String text) implements Mailbox.Stored {

        @Override
        public String id() {
            return "id";
        }

        @Override
        public long size() {
            return text.length();
        }

        @Override
        public Instant delivered() {
            return Instant.EPOCH;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(text.getBytes(ISO_8859_1));
        }

        @Override
        public Set<String> flags() {
            return Set.of();
        }

        @Override
        public boolean delete() {
            throw new UnsupportedOperationException("not needed");
        }
    }
}
