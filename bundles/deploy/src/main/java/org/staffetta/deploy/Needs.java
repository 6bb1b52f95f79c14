package org.staffetta.deploy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.resource.Namespace;

/** What a bundle needs that nobody offers, in words. */
final class Needs {

    private static final Pattern FLOOR = Pattern.compile("\\((?:bundle-)?version>=([^)]+)\\)");
    private static final Pattern EXACT = Pattern.compile("\\((?:bundle-)?version=([^)]+)\\)");
    private static final Pattern ABOVE = Pattern.compile("\\(!\\((?:bundle-)?version<=([^)]+)\\)\\)");
    private static final Pattern BELOW = Pattern.compile("\\(!\\((?:bundle-)?version>=([^)]+)\\)\\)");
    private static final Pattern UP_TO = Pattern.compile("\\((?:bundle-)?version<=([^)]+)\\)");
    private static final Map<String, String> WORDS = Map.of(PackageNamespace.PACKAGE_NAMESPACE, "",
            BundleNamespace.BUNDLE_NAMESPACE, "the bundle ");
    private static final int MOST = 3;

    private final BundleContext context;

    Needs(BundleContext context) {
        this.context = context;
    }

    /**
     * One line that names what is missing; empty if nothing is.
     *
     * @param without bundles that will have gone, whatever they offer
     */
    String missing(Bundle bundle, Collection<Bundle> without) {
        List<Bundle> others = Arrays.stream(context.getBundles()).filter(other -> !without.contains(other)).toList();
        List<String> missing = new ArrayList<>();
        for (BundleRequirement requirement : bundle.adapt(BundleRevision.class).getDeclaredRequirements(null)) {
            String namespace = requirement.getNamespace();
            List<BundleCapability> offers = others.stream().flatMap(other -> offers(other, namespace).stream())
                    .toList();
            if (isNeeded(requirement) && offers.stream().noneMatch(requirement::matches)) {
                missing.add(describe(requirement, offers));
            }
        }
        String line = String.join("; ", missing.stream().distinct().limit(MOST).toList());
        return missing.size() <= MOST ? line : line + "; and " + (missing.size() - MOST) + " more";
    }

    private static boolean isNeeded(BundleRequirement requirement) {
        Map<String, String> directives = requirement.getDirectives();
        String resolution = directives.getOrDefault(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE, "mandatory");
        String effective = directives.getOrDefault(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE, "resolve");
        return resolution.equals("mandatory") && effective.equals("resolve")
                && !requirement.getNamespace().equals(HostNamespace.HOST_NAMESPACE);
    }

    private static List<BundleCapability> offers(Bundle bundle, String namespace) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision == null ? List.of() : revision.getDeclaredCapabilities(namespace);
    }

    private static String describe(BundleRequirement requirement, List<BundleCapability> offers) {
        String namespace = requirement.getNamespace();
        String filter = requirement.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "");
        Matcher matcher = Pattern.compile("\\(" + Pattern.quote(namespace) + "=([^)]+)\\)").matcher(filter);
        if (!matcher.find()) {
            return "needs " + namespace + " " + filter + ", which nobody offers";
        }
        String name = matcher.group(1);
        if (namespace.equals(ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE)) {
            return "needs " + name.replace("JavaSE", "Java") + " " + range(filter) + ", the server runs on Java "
                    + Runtime.version().feature();
        }
        String wanted = (WORDS.getOrDefault(namespace, namespace + " ") + name + " " + range(filter)).strip();
        String offered = String.join(", ", versions(namespace, name, offers));
        if (offered.isEmpty()) {
            return "needs " + wanted + ", which nobody offers";
        }
        return "needs " + wanted + ", the server offers " + offered;
    }

    private static List<String> versions(String namespace, String name, List<BundleCapability> offers) {
        return offers.stream().filter(offer -> name.equals(offer.getAttributes().get(namespace)))
                .map(offer -> Optional.ofNullable(offer.getAttributes().get("version"))
                        .or(() -> Optional.ofNullable(offer.getAttributes().get("bundle-version"))))
                .flatMap(Optional::stream).map(Object::toString).distinct().sorted().toList();
    }

    /** A filter's bounds as a manifest writes them: {@code [1.2,2)}. */
    static String range(String filter) {
        Optional<String> below = first(BELOW, filter);
        Optional<String> above = first(ABOVE, filter);
        String plain = BELOW.matcher(ABOVE.matcher(filter).replaceAll("")).replaceAll("");
        Optional<String> exact = first(EXACT, plain);
        if (exact.isPresent()) {
            return exact.get();
        }
        Optional<String> floor = first(FLOOR, plain);
        Optional<String> upTo = first(UP_TO, plain);
        if (below.isEmpty() && upTo.isEmpty()) {
            return floor.map(version -> shortened(version, 2) + " or newer").orElse("");
        }
        String left = above.map(version -> "(" + shortened(version, 2))
                .orElse("[" + shortened(floor.orElse("0"), 2));
        String right = upTo.map(version -> shortened(version, 1) + "]")
                .orElseGet(() -> shortened(below.orElseThrow(), 1) + ")");
        return left + "," + right;
    }

    private static Optional<String> first(Pattern pattern, String filter) {
        Matcher matcher = pattern.matcher(filter);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    // 3.0.0 is 3, and 1.1.0 is 1.1
    private static String shortened(String text, int least) {
        String version = text;
        while (version.endsWith(".0") && version.chars().filter(c -> c == '.').count() >= least) {
            version = version.substring(0, version.length() - 2);
        }
        return version;
    }

    /** Whose packages others use: they would have to be stopped if it went. */
    static Set<String> users(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        if (wiring == null) {
            return Set.of();
        }
        Set<String> users = new TreeSet<>();
        for (String namespace : List.of(PackageNamespace.PACKAGE_NAMESPACE, BundleNamespace.BUNDLE_NAMESPACE)) {
            List<BundleWire> wires = Objects.requireNonNullElse(wiring.getProvidedWires(namespace), List.of());
            wires.stream().map(wire -> wire.getRequirer().getBundle()).filter(user -> !user.equals(bundle))
                    .forEach(user -> users.add(String.valueOf(user.getSymbolicName())));
        }
        return users;
    }
}
