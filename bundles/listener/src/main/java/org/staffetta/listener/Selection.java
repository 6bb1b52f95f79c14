package org.staffetta.listener;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.mail.Address;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.Plugins;

/**
 * Which filters are asked about one client or transaction, and how: the listener's order, and what the operator wants of each. Whoever is not
 * asked need not be there.
 *
 * @param order names as the listener's configuration has them
 * @param policies by name, where there are any
 * @param key that tells whether a share has it
 * @param transaction false for the phases before one: those that turn out later for whom they are asked are not asked yet
 */
record Selection(List<String> order, Map<String, FilterPolicy> policies, SessionSnapshot client, String key,
        boolean transaction) {

    static Selection ofSession(Settings settings, Map<String, FilterPolicy> policies, SessionSnapshot client) {
        return new Selection(settings.filters(), policies, client, Share.key(address(client)), false);
    }

    static Selection ofTransaction(Settings settings, Map<String, FilterPolicy> policies, SessionSnapshot client,
            Address sender) {
        return new Selection(settings.filters(), policies, client, Share.key(sender, address(client)), true);
    }

    /** What is to be leased. A filter without effect may be missing: that must have none either. */
    List<String> names() {
        if (policies.isEmpty()) {
            return order;
        }
        List<String> names = new ArrayList<>();
        for (String name : order) {
            FilterPolicy policy = policies.getOrDefault(plain(name), FilterPolicy.DEFAULT);
            if (name.equals(Plugins.OTHERS) || selects(plain(name), policy)) {
                names.add(policy.mode() == FilterPolicy.Mode.SHADOW ? plain(name) + "?" : name);
            }
        }
        return names;
    }

    /** The chain of those that were leased; each lease is in it or given back. */
    List<Link> links(List<Lease<Filter>> leases, Plugins plugins, Count.All counts) {
        List<Link> links = new ArrayList<>();
        for (Lease<Filter> lease : leases) {
            FilterPolicy policy = policy(lease);
            if (!selects(lease.name(), policy)) {
                lease.close();
            } else if (policy.triesCanary()) {
                links.addAll(versions(lease, policy, plugins, counts));
            } else {
                links.add(link(lease, policy, false, true, counts));
            }
        }
        return links;
    }

    /** A name without what says that it may be missing. */
    static String plain(String name) {
        return name.endsWith("?") ? name.substring(0, name.length() - 1) : name;
    }

    private boolean selects(String name, FilterPolicy policy) {
        Scope scope = policy.scope();
        return policy.mode() != FilterPolicy.Mode.OFF && scope.includes(client) && (transaction || !scope.isLate())
                && policy.share().has(name, key);
    }

    // the newest is the canary, the next one serves; a canary whose word does not count is asked beside it, and begins first
    private List<Link> versions(Lease<Filter> best, FilterPolicy policy, Plugins plugins, Count.All counts) {
        List<Lease<Filter>> versions = plugins.leaseVersions(Filter.class, best.name());
        if (versions.size() < 2) {
            versions.forEach(Lease::close);
            return List.of(link(best, policy, false, true, counts));
        }
        best.close();
        versions.stream().skip(2).forEach(Lease::close);
        Lease<Filter> canary = versions.get(0);
        Lease<Filter> serving = versions.get(1);
        if (!policy.canary().share().has("canary " + canary.name(), key)) {
            canary.close();
            return List.of(link(serving, policy, false, true, counts));
        }
        if (policy.canary().mode() == FilterPolicy.Mode.SHADOW) {
            return List.of(link(canary, policy, true, false, counts), link(serving, policy, false, true, counts));
        }
        serving.close();
        return List.of(link(canary, policy, true, true, counts));
    }

    private Link link(Lease<Filter> lease, FilterPolicy policy, boolean canary, boolean effective, Count.All counts) {
        return new Link(lease, policy, canary, effective && policy.mode() == FilterPolicy.Mode.ENFORCE,
                counts.of(client.listener(), lease.name(), canary));
    }

    // a filter may have several names, and the operator may use any
    private FilterPolicy policy(Lease<Filter> lease) {
        if (policies.isEmpty()) {
            return FilterPolicy.DEFAULT;
        }
        Stream<String> others = lease.property(Filter.NAME).stream().flatMap(all -> Arrays.stream(all.split(", ")));
        return Stream.concat(Stream.of(lease.name()), others).map(policies::get).filter(Objects::nonNull).findFirst()
                .orElse(FilterPolicy.DEFAULT);
    }

    private static InetAddress address(SessionSnapshot client) {
        return client.client().getAddress();
    }
}
