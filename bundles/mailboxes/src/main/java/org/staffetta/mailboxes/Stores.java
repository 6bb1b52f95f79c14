package org.staffetta.mailboxes;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import org.staffetta.api.mailbox.MailboxStore;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.PluginException;
import org.staffetta.api.plugin.Plugins;

/** The stores, under leases. */
final class Stores {

    private final Plugins plugins;

    Stores(Plugins plugins) {
        this.plugins = plugins;
    }

    /**
     * Leases one.
     *
     * @throws IOException if it was not there in time
     */
    Lease<MailboxStore> lease(String name, Duration patience) throws IOException {
        try {
            return plugins.lease(MailboxStore.class, name, patience)
                    .orElseThrow(() -> new PluginException("there is no mailbox store " + name));
        } catch (InterruptedException interrupted) {
            throw interrupted(name);
        }
    }

    /** Leases two, both or none. */
    List<Lease<MailboxStore>> leases(String one, String other, Duration patience) throws IOException {
        try {
            return plugins.lease(MailboxStore.class, List.of(one, other), patience);
        } catch (InterruptedException interrupted) {
            throw interrupted(one + " or " + other);
        }
    }

    private static IOException interrupted(String name) {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while waiting for the mailbox store " + name);
    }

    /** Whether there is one of that name, or was a moment ago. */
    boolean isKnown(String name) {
        return plugins.names(MailboxStore.class).contains(name);
    }
}
