package org.staffetta.plugins;

import org.osgi.framework.Bundle;

/** Tells bundles that somebody put into the folder {@code deploy} from those of the distribution. */
final class Origin {

    private static final String OURS = "org.staffetta.";
    // how the deploy bundle begins the location of what it installs
    private static final String DEPLOYED = "deploy:";

    private Origin() {}

    /** Whether a bundle is not of the distribution. One of ours that was put there to replace another is trusted as that is. */
    static boolean isForeign(Bundle bundle) {
        String name = bundle.getSymbolicName();
        return bundle.getLocation().startsWith(DEPLOYED) && (name == null || !name.startsWith(OURS));
    }
}
