package org.staffetta.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.staffetta.api.filter.Chain;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.plugin.Plugins;

/** The filters of a listener as an operator sees them: those that are not there, and those that are off, among them. */
record ChainView(String listener, List<String> order, Map<String, FilterPolicy> policies, Parts parts) {

    List<Chain.Link> links() {
        List<Plugins.Plugin> present = parts.lender().plugins().stream()
                .filter(plugin -> plugin.kind().equals(Filter.class.getSimpleName()) && !plugin.draining()).toList();
        List<String> named = order.stream().map(Selection::plain).toList();
        List<Chain.Link> links = new ArrayList<>();
        for (String name : named) {
            if (name.equals(Plugins.OTHERS)) {
                present.stream().map(ChainView::firstName).distinct().filter(other -> !named.contains(other))
                        .forEach(other -> add(other, present, links));
            } else {
                add(name, present, links);
            }
        }
        return links;
    }

    private void add(String name, List<Plugins.Plugin> present, List<Chain.Link> links) {
        FilterPolicy policy = policies.getOrDefault(name, FilterPolicy.DEFAULT);
        List<Plugins.Plugin> versions = present.stream().filter(plugin -> names(plugin).contains(name)).toList();
        if (versions.size() > 1 && policy.triesCanary()) {
            links.add(seen(name, policy, Optional.of(versions.get(0)), true));
            links.add(seen(name, policy, Optional.of(versions.get(1)), false));
        } else {
            links.add(seen(name, policy, versions.stream().findFirst(), false));
        }
    }

    private Seen seen(String name, FilterPolicy policy, Optional<Plugins.Plugin> plugin, boolean canary) {
        FilterPolicy.Mode mode = canary && policy.mode() == FilterPolicy.Mode.ENFORCE
                ? policy.canary().mode()
                : policy.mode();
        Count count = parts.counts().of(listener, name, canary);
        return new Seen(name, plugin.map(Plugins.Plugin::version).orElse(""), canary ? "canary" : "serves",
                mode.toString(), (canary ? policy.canary().share() : policy.share()).toString(),
                policy.scope().toString(), failure(name, policy), plugin.map(Plugins.Plugin::breaker).orElse(""),
                count.read(), count.readResults(), listener, policy);
    }

    private String failure(String name, FilterPolicy policy) {
        return policy.failure().isOpen(parts.declaredFailure(name)) ? "open" : "closed";
    }

    private static String firstName(Plugins.Plugin plugin) {
        return names(plugin).getFirst();
    }

    private static List<String> names(Plugins.Plugin plugin) {
        return List.of(plugin.name().split(", "));
    }

    private record Seen(String name, String version, String role, String mode, String share, String scope,
            String failure, String breaker, Map<String, Long> counters, Map<String, Long> results, String listener,
            FilterPolicy policy) implements Chain.Link {

        @Override
        public boolean asks(String domain, boolean authenticated) {
            Scope scope = policy.scope();
            return policy.mode() != FilterPolicy.Mode.OFF && !policy.share().equals(Share.NONE)
                    && (scope.listeners().isEmpty() || scope.listeners().contains(listener))
                    && (domain.isEmpty() || scope.includesDomain(domain))
                    && scope.authenticated().include(authenticated);
        }
    }
}
