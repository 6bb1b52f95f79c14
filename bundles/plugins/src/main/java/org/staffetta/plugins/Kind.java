package org.staffetta.plugins;

import java.util.List;
import org.staffetta.api.auth.Authenticator;
import org.staffetta.api.delivery.Transport;
import org.staffetta.api.directory.Directory;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.mailbox.MailboxStore;
import org.staffetta.api.mailbox.Mailboxes;
import org.staffetta.api.routing.Router;
import org.staffetta.api.signing.MessageSigner;
import org.staffetta.api.spool.Spool;

/**
 * A kind of plug-in.
 *
 * @param naming the service property that has its names
 * @param care how it is lent
 */
record Kind<T>(Class<T> type, String naming, Care care) {

    /** What stands before a plug-in. */
    enum Care {
        /** Nothing: it is the server's own, and does no more than to lend others. */
        NONE,
        /** A guard; an IOException is a failure of the plug-in. */
        GUARDED,
        /** A guard; an IOException tells of the peer. */
        GUARDED_WITH_PEER,
        /**
         * A guard; an IOException tells of the storage. What was begun is brought to its end, whatever else fails: a note that a message was
         * delivered must not be lost.
         */
        STORE
    }

    static final List<Kind<?>> ALL = List.of(new Kind<>(Filter.class, Filter.NAME, Care.GUARDED),
            new Kind<>(MessageSigner.class, Filter.NAME, Care.GUARDED),
            new Kind<>(Router.class, Filter.NAME, Care.GUARDED),
            new Kind<>(Directory.class, Filter.NAME, Care.GUARDED),
            new Kind<>(Transport.class, Filter.NAME, Care.GUARDED_WITH_PEER),
            new Kind<>(Authenticator.class, Authenticator.MECHANISM, Care.GUARDED_WITH_PEER),
            new Kind<>(Spool.class, Filter.NAME, Care.STORE),
            new Kind<>(MailboxStore.class, Filter.NAME, Care.STORE),
            new Kind<>(Mailboxes.class, Filter.NAME, Care.NONE));

    String name() {
        return type.getSimpleName();
    }
}
