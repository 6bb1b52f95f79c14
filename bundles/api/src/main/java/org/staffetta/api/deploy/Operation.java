package org.staffetta.api.deploy;

import java.time.Instant;
import org.osgi.annotation.versioning.ProviderType;

/** An operation that is over. */
@ProviderType
public interface Operation {

    /** When it began. */
    Instant time();

    /** {@code install}, {@code update}, {@code remove}, {@code rollback}, or {@code start} for what was found in the folder at the start. */
    String action();

    /** The jar's name in {@code deploy/}. */
    String file();

    /** The symbolic name of the bundle; empty if the jar could not be read. */
    String name();

    /** The version that was brought in, or taken out. */
    String version();

    /** The SHA-256 of its jar, in hexadecimal digits; may be empty if it failed. */
    String digest();

    /** Whether it came to its end; if not, all is as it was before. */
    boolean succeeded();

    /** Why not, or why it was done; may be empty. */
    String reason();

    /** The steps that were done and how long each took, e.g. {@code read 4 ms, resolve 12 ms}. */
    String steps();
}
