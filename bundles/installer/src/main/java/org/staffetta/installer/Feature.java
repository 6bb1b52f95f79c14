package org.staffetta.installer;

import java.util.List;
import java.util.Map;

/**
 * What a feature file says.
 *
 * @param file the file's name, as messages show it
 * @param parts its bundles, in the file's order
 * @param configurations what goes to Configuration Admin, by PID ({@code pid} or {@code factoryPid~name})
 */
record Feature(String file, List<Part> parts, Map<String, Map<String, Object>> configurations) {

    Feature {
        parts = List.copyOf(parts);
        configurations = Map.copyOf(configurations);
    }

    /**
     * A bundle of a feature.
     *
     * @param jar the name of its file in {@code bundles/}
     * @param startLevel the start level it runs at
     */
    record Part(String jar, int startLevel) {

        /** By this the framework knows the bundle; it does not change when the installation is moved. */
        String location() {
            return "staffetta:" + jar;
        }
    }
}
