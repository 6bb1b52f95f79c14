package org.staffetta.api.deploy;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** What came of one jar in {@code deploy/}, as it stood when this was read. */
@ProviderType
public interface Deployed {

    /** The jar's name in {@code deploy/}. */
    String file();

    /** The symbolic name of the bundle; empty if the jar could not be read. */
    String name();

    /** The version that serves; empty if none does. */
    String version();

    /** The SHA-256 of the jar that serves, in hexadecimal digits; empty if none does. */
    String digest();

    /** Whether it serves. */
    boolean serves();

    /** Whether it runs in place of a bundle of the distribution, which comes back when it is removed. */
    boolean standsIn();

    /** Why the jar that is in the folder now does not serve, in one line; empty if it does. */
    String trouble();

    /** The versions that a rollback can go back to, the one that it would take by itself first. */
    List<String> earlier();
}
