package org.staffetta.spool.file;

import java.io.IOException;
import java.io.InputStream;

/** Opens a body, again and again. */
@FunctionalInterface
interface BodySource {
    InputStream open() throws IOException;
}
