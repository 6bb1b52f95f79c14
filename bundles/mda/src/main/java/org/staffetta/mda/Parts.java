package org.staffetta.mda;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.mailbox.MailboxStore;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.PluginException;
import org.staffetta.api.plugin.Plugins;

/** What one attempt uses, from its begin to its end. */
record Parts(List<Lease<Directory>> leases, Lease<MailboxStore> place) implements AutoCloseable {

    /**
     * Leases the directories in their order, and the store. The store is waited for first and alone: it is not held while a directory is.
     *
     * @throws PluginException if one was not there in time
     */
    static Parts lease(Plugins plugins, List<String> order, String store, Duration patience)
            throws PluginException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            plugins.lease(MailboxStore.class, List.of(store), left).forEach(Lease::close);
            List<Lease<Directory>> directories = plugins.lease(Directory.class, order, left);
            var place = plugins.lease(MailboxStore.class, store, Duration.ZERO);
            if (place.isPresent()) {
                return new Parts(directories, place.get());
            }
            directories.forEach(Lease::close);
        }
    }

    Collection<Directory> directories() {
        return leases.stream().map(Lease::service).toList();
    }

    MailboxStore store() {
        return place.service();
    }

    @Override
    public void close() {
        leases.forEach(Lease::close);
        place.close();
    }
}
