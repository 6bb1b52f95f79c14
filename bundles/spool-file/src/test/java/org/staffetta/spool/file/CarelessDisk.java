package org.staffetta.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Makes of a correct spool one with a bug that is known to lose mail: the tests of durability must find it. */
record CarelessDisk(MemoryDisk disk, Bug bug) implements Disk {

    enum Bug {
        /** Nothing is ever forced. */
        NO_FORCE,
        /** Contents are forced, names are not. */
        NO_FOLDER_SYNC,
        /** A force that fails is tried again, as if that could help. */
        FORCE_TRIED_AGAIN
    }

    @Override
    public List<String> list() {
        return disk.list();
    }

    @Override
    public DiskFile create(String name) throws IOException {
        return new CarelessFile(disk.create(name), bug);
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return disk.open(name);
    }

    @Override
    public void delete(String name) throws IOException {
        disk.delete(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void syncFolder() throws IOException {
        if (bug != Bug.NO_FOLDER_SYNC) {
            disk.syncFolder();
        }
    }

    @Override
    public long usableSpace() {
        return disk.usableSpace();
    }

    @Override
    public long totalSpace() {
        return disk.totalSpace();
    }

    private record CarelessFile(DiskFile file, Bug bug) implements DiskFile {

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            return file.write(source, position);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void force(boolean metadata) throws IOException {
            if (bug == Bug.NO_FORCE) {
                return;
            }
            try {
                file.force(metadata);
            } catch (IOException e) {
                if (bug != Bug.FORCE_TRIED_AGAIN) {
                    throw e;
                }
                file.force(metadata);
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
