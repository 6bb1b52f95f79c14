package org.staffetta.spool.file;

import java.io.IOException;

/** What stands in a file is not what was written there. */
final class CorruptRecordException extends IOException {

    private static final long serialVersionUID = 1L;

    CorruptRecordException(String message) {
        super(message);
    }

    CorruptRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
