package org.staffetta.listener;

import org.staffetta.api.filter.Filter;
import org.staffetta.api.plugin.Lease;

/** One filter in a chain, leased, with what holds for it. For one thread. */
final class Link {

    private final Lease<Filter> lease;
    private final FilterPolicy policy;
    private final boolean canary;
    private final boolean effective;
    private final boolean open;
    private final Count count;
    private final String label;
    private boolean handedOver;

    /**
     * @param canary whether it is a newer version that is tried
     * @param effective whether what it says counts
     */
    Link(Lease<Filter> lease, FilterPolicy policy, boolean canary, boolean effective, Count count) {
        this.lease = lease;
        this.policy = policy;
        this.canary = canary;
        this.effective = effective;
        this.open = policy.failure().isOpen(lease.property(Filter.FAILURE).orElse(""));
        this.count = count;
        this.label = lease.name() + "/" + lease.version();
    }

    String name() {
        return lease.name();
    }

    /** The name and the version. */
    String label() {
        return label;
    }

    Filter filter() {
        return lease.service();
    }

    FilterPolicy policy() {
        return policy;
    }

    boolean isCanary() {
        return canary;
    }

    boolean isEffective() {
        return effective;
    }

    /** Whether it is skipped when it fails. */
    boolean isOpen() {
        return open;
    }

    Count count() {
        return count;
    }

    /** The lease, which somebody else gives back from now on. */
    Lease<Filter> handOver() {
        handedOver = true;
        return lease;
    }

    /** Gives the lease back, unless it was handed over. */
    void giveBack() {
        if (!handedOver) {
            lease.close();
        }
    }
}
