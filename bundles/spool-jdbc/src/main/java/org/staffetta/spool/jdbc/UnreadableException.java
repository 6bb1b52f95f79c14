package org.staffetta.spool.jdbc;

import java.sql.SQLException;

/** A row that does not make sense: somebody has changed it by hand, or the storage has. */
final class UnreadableException extends SQLException {

    private static final long serialVersionUID = 1L;

    private final String key;

    UnreadableException(String key, String why) {
        super("its rows in spool_entry and spool_pending cannot be read: " + why);
        this.key = key;
    }

    UnreadableException(String key, RuntimeException cause) {
        this(key, String.valueOf(cause.getMessage()));
        initCause(cause);
    }

    /** Of which row. */
    String key() {
        return key;
    }
}
