package org.staffetta.router;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.directory.DirectoryEntry.Foreign;
import org.staffetta.api.mail.Address;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.Plugins;

/** The directories that are there when one asks. For many threads at once. */
record Directories(Plugins plugins) {

    /**
     * The first answer that is not "foreign".
     *
     * @param order names, and {@link Plugins#OTHERS}
     * @param patience how long to wait for a directory that is missing
     * @throws IOException if a directory is still missing then, or cannot tell
     */
    DirectoryEntry find(Address address, List<String> order, Duration patience) throws IOException {
        List<Lease<Directory>> asked = lease(order, patience);
        try {
            DirectoryEntry entry = new Foreign();
            for (Lease<Directory> directory : asked) {
                entry = ask(directory, address);
                if (!(entry instanceof Foreign)) {
                    return entry;
                }
            }
            return entry;
        } finally {
            asked.forEach(Lease::close);
        }
    }

    private List<Lease<Directory>> lease(List<String> order, Duration patience) throws IOException {
        try {
            return plugins.lease(Directory.class, order, patience);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a directory");
        }
    }

    // what a broken directory says is no answer: the mail waits
    private static DirectoryEntry ask(Lease<Directory> directory, Address address) throws IOException {
        try {
            DirectoryEntry entry = directory.service().find(address);
            if (entry == null) {
                throw new IOException("the directory " + directory.name() + " gave no answer");
            }
            return entry;
        } catch (RuntimeException | LinkageError broken) {
            throw new IOException("the directory " + directory.name() + " failed: " + broken, broken);
        }
    }
}
