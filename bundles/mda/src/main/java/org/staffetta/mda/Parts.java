package org.staffetta.mda;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.mailbox.Mailboxes;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.PluginException;
import org.staffetta.api.plugin.Plugins;

/** What one attempt uses, from its begin to its end. */
record Parts(List<Lease<Directory>> leases, Lease<Mailboxes> boxes) implements AutoCloseable {

    /**
     * Leases the directories in their order, and the mailboxes. These are waited for first and alone: they are not held while a directory is.
     *
     * @throws PluginException if one was not there in time
     */
    static Parts lease(Plugins plugins, List<String> order, Duration patience)
            throws PluginException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            lease(plugins, left).close();
            List<Lease<Directory>> directories = plugins.lease(Directory.class, order, left);
            var boxes = plugins.lease(Mailboxes.class, Plugins.ANY, Duration.ZERO);
            if (boxes.isPresent()) {
                return new Parts(directories, boxes.get());
            }
            directories.forEach(Lease::close);
        }
    }

    private static Lease<Mailboxes> lease(Plugins plugins, Duration patience)
            throws PluginException, InterruptedException {
        return plugins.lease(Mailboxes.class, Plugins.ANY, patience)
                .orElseThrow(() -> new PluginException("there are no mailboxes"));
    }

    Collection<Directory> directories() {
        return leases.stream().map(Lease::service).toList();
    }

    Mailboxes mailboxes() {
        return boxes.service();
    }

    @Override
    public void close() {
        leases.forEach(Lease::close);
        boxes.close();
    }
}
