package org.staffetta.mailbox.maildir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The disk, of which one operation fails. */
record FaultyFolder(Folder disk, Fault fault) implements Folder {

    /** Fails the n-th operation, counted from 1; with {@code dies} also all that come after it, as after a crash. */
    record Fault(int n, boolean dies, AtomicInteger count) {

        Fault(int n, boolean dies) {
            this(n, dies, new AtomicInteger());
        }

        void step() throws IOException {
            int now = count.incrementAndGet();
            if (now == n || dies && now > n) {
                throw new IOException("operation " + now + " fails");
            }
        }

        boolean struck() {
            return count.get() >= n;
        }
    }

    @Override
    public Folder open(String name) throws IOException {
        fault.step();
        return new FaultyFolder(disk.open(name), fault);
    }

    @Override
    public void make(String name) throws IOException {
        fault.step();
        disk.make(name);
    }

    @Override
    public Output create(String name) throws IOException {
        fault.step();
        return new FaultyOutput(disk.create(name), fault);
    }

    @Override
    public InputStream read(String name) throws IOException {
        fault.step();
        return disk.read(name);
    }

    @Override
    public void move(String name, Folder target, String newName) throws IOException {
        fault.step();
        disk.move(name, ((FaultyFolder) target).disk, newName);
    }

    @Override
    public void delete(String name) throws IOException {
        fault.step();
        disk.delete(name);
    }

    @Override
    public Stream<String> stream() throws IOException {
        fault.step();
        return disk.stream();
    }

    @Override
    public void touch(String name, Instant changed) throws IOException {
        fault.step();
        disk.touch(name, changed);
    }

    @Override
    public BasicFileAttributes attributes(String name) throws IOException {
        fault.step();
        return disk.attributes(name);
    }

    @Override
    public Object key() throws IOException {
        fault.step();
        return disk.key();
    }

    @Override
    public void force() throws IOException {
        fault.step();
        disk.force();
    }

    @Override
    public void close() throws IOException {
        disk.close();
        fault.step();
    }

    private record FaultyOutput(Output disk, Fault fault) implements Output {

        @Override
        public void write(ByteBuffer octets) throws IOException {
            // half of it gets there, as on a full disk
            ByteBuffer half = octets.duplicate().limit(octets.position() + octets.remaining() / 2);
            disk.write(half);
            fault.step();
            octets.position(half.position());
            disk.write(octets);
        }

        @Override
        public void force() throws IOException {
            fault.step();
            disk.force();
        }

        @Override
        public void close() throws IOException {
            disk.close();
            fault.step();
        }
    }
}
