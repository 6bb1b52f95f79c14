package org.staffetta.directory.file;

import java.util.Optional;
import org.staffetta.api.directory.DirectoryEntry;

/**
 * One of our domains.
 *
 * @param name as it is compared
 * @param line where it is declared
 * @param acceptsAny whether the next hop decides who exists
 * @param sameAs the domain whose people it has; its own name if it has people of its own
 * @param catchAll who gets what is for nobody else
 */
record Domain(String name, int line, boolean acceptsAny, String sameAs, Optional<DirectoryEntry> catchAll) {

    Domain withCatchAll(DirectoryEntry entry) {
        return new Domain(name, line, acceptsAny, sameAs, Optional.of(entry));
    }

    boolean isOther() {
        return !sameAs.equals(name);
    }
}
