package org.staffetta.deploy;

import java.nio.file.Path;
import org.osgi.framework.Version;

/**
 * A jar that was read to its end and found whole.
 *
 * @param path our own copy, which nobody changes
 * @param digest SHA-256 in hexadecimal digits
 * @param name the symbolic name
 * @param pace how it gets along with another version of itself
 */
record Jar(Path path, String digest, String name, Version version, Pace pace) {

    /** How two versions of a bundle get along: what the header {@code Staffetta-Update} says. */
    enum Pace {
        BESIDE, REPLACE, RESTART
    }

    Jar at(Path place) {
        return new Jar(place, digest, name, version, pace);
    }
}
