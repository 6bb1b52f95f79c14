package org.staffetta.mailboxes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mailbox.Mailbox;
import org.staffetta.api.mailbox.MailboxStore;

/** A store that outlives a crash, and whose every operation can be watched or made to fail. */
final class MemoryStore implements MailboxStore {

    /** Told of each operation before and after it is done; throws if the power is off. */
    interface Watch {
        void step(String what) throws IOException;
    }

    private static final AtomicInteger IDS = new AtomicInteger();

    final Map<String, Map<String, Kept>> mail = new ConcurrentHashMap<>();
    private final Watch watch;

    /** A message as it lies there. */
    static final class Kept {
        final String id;
        final Instant delivered;
        volatile String text;
        volatile Set<String> flags;
        volatile long told = -1;

        Kept(String id, Instant delivered, String text, Set<String> flags) {
            this.id = id;
            this.delivered = delivered;
            this.text = text;
            this.flags = flags;
        }
    }

    MemoryStore() {
        this(what -> {});
    }

    MemoryStore(Watch watch) {
        this.watch = watch;
    }

    /** The same mail behind another watch: the store after a restart, or its next version. */
    MemoryStore with(Watch other) {
        MemoryStore next = new MemoryStore(other);
        next.mail.putAll(mail);
        return next;
    }

    Kept put(String account, String id, String text, String... flags) {
        Kept kept = new Kept(id, Instant.ofEpochSecond(1_795_435_200 + IDS.incrementAndGet()), text, Set.of(flags));
        box(account).put(id, kept);
        return kept;
    }

    List<String> ids(String account) {
        return List.copyOf(box(account).keySet());
    }

    private Map<String, Kept> box(String account) {
        return mail.computeIfAbsent(account, name -> new ConcurrentHashMap<>());
    }

    @Override
    public Mailbox open(String account) throws IOException {
        watch.step("open");
        return new MemoryMailbox(account);
    }

    @Override
    public Stream<String> accounts() throws IOException {
        watch.step("accounts");
        return mail.keySet().stream();
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T watched(String what, Work<T> work) throws IOException {
        watch.step("before " + what);
        T result = work.run();
        watch.step("after " + what);
        return result;
    }

    private final class MemoryMailbox implements Mailbox {

        private final String account;

        MemoryMailbox(String account) {
            this.account = account;
        }

        @Override
        public String deliver(Message message, List<Header> trace) throws IOException {
            String id = "id" + IDS.incrementAndGet();
            try (InputStream in = message.open()) {
                String text = new String(in.readAllBytes(), ISO_8859_1);
                return watched("deliver", () -> put(account, id, text).id);
            }
        }

        @Override
        public Stored adopt(Stored original) throws IOException {
            Set<String> flags = Set.copyOf(original.flags());
            Kept there = box(account).get(original.id());
            if (there != null) {
                return watched("flag", () -> {
                    there.flags = flags;
                    return new MemoryStored(account, there);
                });
            }
            try (InputStream in = original.open()) {
                String text = new String(in.readAllBytes(), ISO_8859_1);
                if (text.length() != original.size()) {
                    throw new IOException("there are " + text.length() + " octets, not " + original.size());
                }
                Kept kept = new Kept(original.id(), original.delivered(), text, flags);
                return watched("adopt", () -> {
                    box(account).put(kept.id, kept);
                    return new MemoryStored(account, kept);
                });
            }
        }

        @Override
        public List<Stored> messages() throws IOException {
            return watched("list", () -> {
                List<Kept> all = new ArrayList<>(box(account).values());
                all.sort(Comparator.comparing((Kept kept) -> kept.delivered).thenComparing(kept -> kept.id));
                return all.stream().<Stored>map(kept -> new MemoryStored(account, kept)).toList();
            });
        }

        @Override
        public Optional<Stored> find(String id) throws IOException {
            return watched("find",
                    () -> Optional.ofNullable(box(account).get(id)).map(kept -> new MemoryStored(account, kept)));
        }

        @Override
        public long count() throws IOException {
            return watched("count", () -> (long) box(account).size());
        }
    }

    private final class MemoryStored implements Mailbox.Stored {

        private final String account;
        private final Kept kept;

        MemoryStored(String account, Kept kept) {
            this.account = account;
            this.kept = kept;
        }

        @Override
        public String id() {
            return kept.id;
        }

        @Override
        public long size() {
            return kept.told < 0 ? kept.text.length() : kept.told;
        }

        @Override
        public Instant delivered() {
            return kept.delivered;
        }

        @Override
        public Set<String> flags() throws IOException {
            return watched("flags", () -> {
                requireThere();
                return kept.flags;
            });
        }

        @Override
        public InputStream open() throws IOException {
            return watched("read", () -> {
                requireThere();
                return new Fragile(kept.text);
            });
        }

        @Override
        public boolean delete() throws IOException {
            return watched("delete", () -> box(account).remove(kept.id, kept));
        }

        private void requireThere() throws IOException {
            if (box(account).get(kept.id) != kept) {
                throw new IOException("the message " + kept.id + " is gone");
            }
        }

        /** As that of a database: cut when the message goes. */
        private final class Fragile extends InputStream {

            private final ByteArrayInputStream octets;

            Fragile(String text) {
                this.octets = new ByteArrayInputStream(text.getBytes(ISO_8859_1));
            }

            @Override
            public int read() throws IOException {
                requireThere();
                return octets.read();
            }
        }
    }

    /** All that there is of an account, by id. */
    static Map<String, List<String>> copies(String account, MemoryStore... stores) {
        Map<String, List<String>> copies = new LinkedHashMap<>();
        for (MemoryStore store : stores) {
            store.box(account).values()
                    .forEach(kept -> copies.computeIfAbsent(kept.id, id -> new ArrayList<>()).add(kept.text));
        }
        return copies;
    }
}
