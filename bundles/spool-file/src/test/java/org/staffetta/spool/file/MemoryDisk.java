package org.staffetta.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A folder in memory that knows what would be left of it after a power cut: for each file what a program sees and what is on
 * stable storage, and the same for names.
 *
 * <p>It behaves as badly as real ones do: what was written may reach stable storage at any time, sector by sector, in any order;
 * after a failed force the sectors count as written although they are not, and the next force succeeds. Any changing operation may be
 * made to fail by a {@link Fault}.
 */
final class MemoryDisk implements Disk {

    static final int SECTOR = 512;

    private final Map<String, Node> names = new TreeMap<>();
    private final Map<String, Node> durableNames = new TreeMap<>();
    private final List<NameChange> changes = new ArrayList<>();
    private final Fault fault;
    private final RandomGenerator random;
    private int operations;
    private boolean off;
    private long capacity = Long.MAX_VALUE;

    MemoryDisk(Fault fault, RandomGenerator random) {
        this.fault = fault;
        this.random = random;
    }

    /** One that works. */
    MemoryDisk() {
        this(Fault.NONE, RandomGenerator.of("L64X128MixRandom"));
    }

    /** What happens to the n-th changing operation, or from it on. */
    record Fault(Kind kind, int at) {

        static final Fault NONE = new Fault(Kind.EIO, -1);

        enum Kind {
            /** That one fails. */
            EIO,
            /** That one and all later ones fail. */
            EIO_FOR_GOOD,
            /** That one and the next six find no room. */
            ENOSPC,
            /** All from there on fail. */
            EROFS,
            /** That one, if a write, writes a part only. */
            SHORT_WRITE,
            /** That one, if a write, writes a part only, and the next fails. */
            SHORT_WRITE_THEN_ENOSPC,
            /** The power goes. */
            CRASH
        }
    }

    private record NameChange(String from, String to) {}

    private static final class Node {
        private byte[] seen = new byte[0];
        private byte[] durable = new byte[0];
        private final BitSet dirty = new BitSet();
    }

    synchronized int operations() {
        return operations;
    }

    /** How much room there is, all in all. */
    synchronized void capacity(long octets) {
        capacity = octets;
    }

    /** What a new process finds when the old one was killed: all that was written. */
    synchronized MemoryDisk afterKill() {
        MemoryDisk next = new MemoryDisk(Fault.NONE, random);
        names.forEach((name, node) -> next.put(name, node.seen));
        off = true;
        return next;
    }

    /** What is left after a power cut: all that was forced, and of the rest what chance says. */
    synchronized MemoryDisk afterPowerCut(RandomGenerator chance) {
        // 0: nothing more than was forced; 1: everything; otherwise some
        int luck = chance.nextInt(4);
        MemoryDisk next = new MemoryDisk(Fault.NONE, random);
        Map<String, Node> left = new TreeMap<>(durableNames);
        for (NameChange change : changes) {
            if (kept(luck, chance)) {
                apply(left, change);
            }
        }
        left.forEach((name, node) -> next.put(name, contentAfterCut(node, luck, chance)));
        off = true;
        return next;
    }

    synchronized byte[] content(String name) {
        return names.get(name).seen.clone();
    }

    synchronized void put(String name, byte[] content) {
        Node node = new Node();
        node.seen = content.clone();
        node.durable = content.clone();
        names.put(name, node);
        durableNames.put(name, node);
    }

    @Override
    public synchronized List<String> list() {
        return List.copyOf(names.keySet());
    }

    @Override
    public synchronized DiskFile create(String name) throws IOException {
        operation(false);
        if (names.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        Node node = new Node();
        names.put(name, node);
        created.put(name, node);
        changes.add(new NameChange("", name));
        return new MemoryFile(node);
    }

    // the nodes that name changes speak of, by the name they got
    private final Map<String, Node> created = new LinkedHashMap<>();

    @Override
    public synchronized DiskFile open(String name) throws IOException {
        Node node = names.get(name);
        if (node == null) {
            throw new NoSuchFileException(name);
        }
        return new MemoryFile(node);
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        operation(false);
        if (names.remove(name) != null) {
            changes.add(new NameChange(name, ""));
        }
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        operation(false);
        Node node = names.remove(from);
        if (node == null) {
            throw new NoSuchFileException(from);
        }
        names.put(to, node);
        created.put(to, node);
        changes.add(new NameChange(from, to));
    }

    @Override
    public synchronized void syncFolder() throws IOException {
        operation(false);
        changes.forEach(change -> apply(durableNames, change));
        changes.clear();
    }

    @Override
    public synchronized long usableSpace() {
        return capacity - used();
    }

    @Override
    public synchronized long totalSpace() {
        return capacity;
    }

    private long used() {
        return names.values().stream().mapToLong(node -> node.seen.length).sum();
    }

    private void apply(Map<String, Node> target, NameChange change) {
        Node node = change.from().isEmpty() ? created.get(change.to()) : target.remove(change.from());
        if (!change.to().isEmpty() && node != null) {
            target.put(change.to(), node);
        }
    }

    private static boolean kept(int luck, RandomGenerator chance) {
        return luck == 1 || luck > 1 && chance.nextBoolean();
    }

    private static byte[] contentAfterCut(Node node, int luck, RandomGenerator chance) {
        // the size may be kept although the octets are not: then there are zeros
        byte[] left = Arrays.copyOf(node.durable,
                kept(luck, chance) ? node.seen.length : Math.min(node.durable.length, node.seen.length));
        for (int sector = node.dirty.nextSetBit(0); sector >= 0; sector = node.dirty.nextSetBit(sector + 1)) {
            if (kept(luck, chance)) {
                copySector(node.seen, left, sector);
            }
        }
        return left;
    }

    private static void copySector(byte[] from, byte[] to, int sector) {
        int start = sector * SECTOR;
        int end = Math.min(start + SECTOR, Math.min(from.length, to.length));
        if (start < end) {
            System.arraycopy(from, start, to, start, end - start);
        }
    }

    // returns whether a write is to be short
    private boolean operation(boolean write) throws IOException {
        if (off) {
            throw new IOException("the power is off");
        }
        int number = operations++;
        int since = fault.at() < 0 ? -1 : number - fault.at();
        if (since < 0) {
            return false;
        }
        switch (fault.kind()) {
            case EIO -> failIf(since == 0, "Input/output error");
            case EIO_FOR_GOOD -> failIf(true, "Input/output error");
            case EROFS -> failIf(true, "Read-only file system");
            case ENOSPC -> full(since <= 6);
            case SHORT_WRITE_THEN_ENOSPC -> full(since == 1);
            case SHORT_WRITE -> {}
            case CRASH -> {
                off = true;
                throw new IOException("the power is off");
            }
        }
        return write && since == 0;
    }

    private static void failIf(boolean fails, String why) throws IOException {
        if (fails) {
            throw new IOException(why);
        }
    }

    private static void full(boolean full) throws DiskFullException {
        if (full) {
            throw new DiskFullException("No space left on device");
        }
    }

    private final class MemoryFile implements DiskFile {

        private final Node node;

        MemoryFile(Node node) {
            this.node = node;
        }

        @Override
        public long size() {
            synchronized (MemoryDisk.this) {
                return node.seen.length;
            }
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            synchronized (MemoryDisk.this) {
                boolean cut = operation(true) && source.remaining() > 1;
                int count = cut ? source.remaining() / 2 : source.remaining();
                int end = (int) position + count;
                if (end > node.seen.length) {
                    full(end - node.seen.length > capacity - used());
                    node.seen = Arrays.copyOf(node.seen, end);
                }
                source.get(node.seen, (int) position, count);
                if (count > 0) {
                    node.dirty.set((int) position / SECTOR, (end - 1) / SECTOR + 1);
                }
                return count;
            }
        }

        @Override
        public int read(ByteBuffer target, long position) {
            synchronized (MemoryDisk.this) {
                int count = (int) Math.min(target.remaining(), node.seen.length - position);
                if (count <= 0) {
                    return -1;
                }
                target.put(node.seen, (int) position, count);
                return count;
            }
        }

        @Override
        public void force(boolean metadata) throws IOException {
            synchronized (MemoryDisk.this) {
                boolean failed = true;
                try {
                    operation(false);
                    failed = false;
                } finally {
                    settle(failed && !off);
                }
            }
        }

        // a failed force writes what it can and forgets that the rest is not written
        private void settle(boolean failed) {
            if (off) {
                return;
            }
            node.durable = Arrays.copyOf(node.durable, node.seen.length);
            for (int sector = node.dirty.nextSetBit(0); sector >= 0; sector = node.dirty.nextSetBit(sector + 1)) {
                if (!failed || random.nextBoolean()) {
                    copySector(node.seen, node.durable, sector);
                }
            }
            node.dirty.clear();
        }

        @Override
        public void close() {}
    }
}
