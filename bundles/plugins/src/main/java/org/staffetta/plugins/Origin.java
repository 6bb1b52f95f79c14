package org.staffetta.plugins;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** Tells bundles that somebody put into the folder {@code deploy} from those of the distribution. */
record Origin(Optional<Path> deploy) {

    private static final String OURS = "org.staffetta.";

    static Origin of(BundleContext context) {
        return new Origin(Optional.ofNullable(context.getProperty("staffetta.deploy"))
                .map(folder -> Path.of(folder).toAbsolutePath().normalize()));
    }

    /** Whether a bundle is not of the distribution. One of ours that was put there to replace another is trusted as that is. */
    boolean isForeign(Bundle bundle) {
        String name = bundle.getSymbolicName();
        return deploy.isPresent() && isInside(bundle.getLocation(), deploy.get())
                && (name == null || !name.startsWith(OURS));
    }

    // File Install names a bundle by the URI of its file
    private static boolean isInside(String location, Path folder) {
        if (!location.startsWith("file:")) {
            return false;
        }
        try {
            return Path.of(URI.create(location)).normalize().startsWith(folder);
        } catch (IllegalArgumentException notAFile) {
            return false;
        }
    }
}
