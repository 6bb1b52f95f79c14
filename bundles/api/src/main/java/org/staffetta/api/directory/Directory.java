package org.staffetta.api.directory;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;
import org.staffetta.api.mail.Address;

/** Knows who there is. Called by many threads at once; may block on its storage. */
@ConsumerType
public interface Directory {

    /**
     * Looks an address up. Case of the local part, subaddresses ({@code user+tag}, RFC 5233) and catch-alls are this directory's to decide.
     *
     * @throws IOException if that cannot be told now: the client gets {@code 451 4.3.0}
     */
    DirectoryEntry find(Address address) throws IOException;
}
