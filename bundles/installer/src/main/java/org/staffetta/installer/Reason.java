package org.staffetta.installer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.BundleException;

/** Says in one line why the framework refused something. */
final class Reason {
    private static final Pattern MISSING = Pattern.compile(
            "missing requirement \\[\\S+ \\[\\d+\\]\\(R [\\d.]+\\)\\] (\\S+); (\\(.*?\\))(?: \\[| Unresolved|$)");
    private static final Pattern PACKAGE = Pattern.compile("\\(osgi\\.wiring\\.package=([^)]+)\\)");

    private Reason() {}

    static String of(BundleException e) {
        String message = String.valueOf(e.getMessage()).replace('\n', ' ');
        if (e.getType() == BundleException.RESOLVE_ERROR) {
            return unresolved(message);
        }
        Throwable cause = e.getCause();
        return cause == null ? message : message + ": " + cause;
    }

    /** The innermost missing requirement is the true one: the others only follow from it. */
    private static String unresolved(String message) {
        Matcher matcher = MISSING.matcher(message);
        String found = message;
        while (matcher.find()) {
            found = "nothing provides " + requirement(matcher.group(1), matcher.group(2));
        }
        return found;
    }

    private static String requirement(String namespace, String filter) {
        Matcher name = PACKAGE.matcher(filter);
        return name.find() ? "the package " + name.group(1) + " " + filter : namespace + " " + filter;
    }
}
