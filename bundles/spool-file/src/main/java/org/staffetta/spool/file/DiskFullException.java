package org.staffetta.spool.file;

import java.io.IOException;

/** The storage has no room (ENOSPC, EDQUOT). */
final class DiskFullException extends IOException {

    private static final long serialVersionUID = 1L;

    DiskFullException(String message, Throwable cause) {
        super(message, cause);
    }

    DiskFullException(String message) {
        super(message);
    }
}
