package org.staffetta.directory.file;

import java.io.IOException;

/** The file cannot be used. The message is one line for the administrator: file, line, what is wrong, what is allowed. */
final class BadFileException extends IOException {

    private static final long serialVersionUID = 1L;

    BadFileException(String message) {
        super(message);
    }
}
