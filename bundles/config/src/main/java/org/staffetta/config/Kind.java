package org.staffetta.config;

import java.util.Map;

/**
 * What an installed bundle lets be configured under one PID.
 *
 * @param pid the PID or factory PID
 * @param prefix of its keys: the PID without {@code org.staffetta.}
 * @param factory whether keys name an instance behind the prefix
 * @param bundle the symbolic name of the bundle that declares it
 * @param attributes by id, in the order of declaration
 */
record Kind(String pid, String prefix, boolean factory, String bundle, Map<String, Attribute> attributes) {

    /** The key of an attribute in the file. */
    String key(String instance, String attribute) {
        return prefix + "." + (factory ? instance + "." : "") + attribute;
    }
}
