package org.staffetta.deploy;

import java.time.Duration;
import java.util.Collection;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Loads the classes of a bundle before anybody asks it for anything. Else the first mail after a switch would wait until they are read and
 * woven, and with it all mail that needs the same class.
 */
final class Classes {

    private static final int MOST = 2_000;
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final String SUFFIX = ".class";

    private Classes() {}

    /**
     * Loads them; none of them is initialised by that. A class that cannot be loaded, as one for a package that is not there and need not be, is left
     * for whoever wants it.
     *
     * @return what was done, in words
     */
    static String load(Bundle bundle) {
        long end = System.nanoTime() + LONGEST.toNanos();
        int count = 0;
        for (String resource : resources(bundle)) {
            if (count >= MOST || System.nanoTime() > end) {
                break;
            }
            count += load(bundle, resource) ? 1 : 0;
        }
        return count == 1 ? "1 class" : count + " classes";
    }

    private static Collection<String> resources(Bundle bundle) {
        return bundle.adapt(BundleWiring.class).listResources("/", "*" + SUFFIX,
                BundleWiring.LISTRESOURCES_RECURSE | BundleWiring.LISTRESOURCES_LOCAL);
    }

    private static boolean load(Bundle bundle, String resource) {
        try {
            bundle.loadClass(resource.substring(0, resource.length() - SUFFIX.length()).replace('/', '.'));
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }
}
