package org.staffetta.mda;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mailbox.Mailbox;
import org.staffetta.api.mailbox.MailboxMigration;
import org.staffetta.api.mailbox.MailboxScope;
import org.staffetta.api.mailbox.Mailboxes;
import org.staffetta.api.mailbox.OpenMailbox;

/** Mailboxes in memory that can be made to fail. */
final class MemoryMailboxes implements Mailboxes {

    final Map<String, List<String>> mail = new LinkedHashMap<>();
    Consumer<String> before = account -> {};
    IOException failure;

    @Override
    public OpenMailbox open(String account, Duration patience) throws IOException {
        before.accept(account);
        if (failure != null) {
            throw failure;
        }
        return new MemoryMailbox(mail.computeIfAbsent(account, name -> new ArrayList<>()));
    }

    @Override
    public List<View> stores() {
        return List.of();
    }

    @Override
    public void use(String name) {
        throw new UnsupportedOperationException("not needed");
    }

    @Override
    public String preferred() {
        return "maildir";
    }

    @Override
    public MailboxMigration migrate(String from, String to, MailboxScope scope) {
        throw new UnsupportedOperationException("not needed");
    }

    @Override
    public List<MailboxMigration> migrations() {
        return List.of();
    }

    private record MemoryMailbox(List<String> texts) implements OpenMailbox {

        @Override
        public String store() {
            return "maildir";
        }

        @Override
        public void onRecall(Runnable recall) {
            throw new UnsupportedOperationException("not needed");
        }

        @Override
        public void close() {}

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
