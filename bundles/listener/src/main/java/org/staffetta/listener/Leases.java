package org.staffetta.listener;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.PluginException;
import org.staffetta.api.plugin.Plugins;
import org.staffetta.api.routing.Router;
import org.staffetta.api.spool.Spool;

/** The parts of one transaction. None of them goes before the transaction has ended, unless that takes too long. */
record Leases(Lease<Router> router, Lease<Spool> spool, List<Link> filters) implements AutoCloseable {

    /**
     * Leases all of them. Nothing is held while one is waited for: it may come only after another has gone, e.g. where one bundle brings both.
     *
     * @throws PluginException if one was not there in time; the message names it
     */
    static Leases transaction(Plugins plugins, Settings settings, Selection selection, Count.All counts)
            throws PluginException, InterruptedException {
        long end = System.nanoTime() + settings.patience().toNanos();
        while (true) {
            Optional<Leases> all = tryAll(plugins, settings, selection, counts);
            if (all.isPresent()) {
                return all.get();
            }
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            plugins.lease(Router.class, List.of(Plugins.OTHERS), left).forEach(Lease::close);
            plugins.lease(Spool.class, List.of(settings.spool()), left).forEach(Lease::close);
            plugins.lease(Filter.class, selection.names(), left).forEach(Lease::close);
        }
    }

    private static Optional<Leases> tryAll(Plugins plugins, Settings settings, Selection selection, Count.All counts)
            throws InterruptedException {
        Optional<Lease<Router>> router = plugins.lease(Router.class, Plugins.ANY, Duration.ZERO);
        Optional<Lease<Spool>> spool = plugins.lease(Spool.class, settings.spool(), Duration.ZERO);
        if (router.isPresent() && spool.isPresent()) {
            try {
                List<Lease<Filter>> filters = plugins.lease(Filter.class, selection.names(), Duration.ZERO);
                return Optional
                        .of(new Leases(router.get(), spool.get(), selection.links(filters, plugins, counts)));
            } catch (PluginException missing) {
                // waited for when the others have been given back
            }
        }
        router.ifPresent(Lease::close);
        spool.ifPresent(Lease::close);
        return Optional.empty();
    }

    @Override
    public void close() {
        filters.forEach(Link::giveBack);
        spool.close();
        router.close();
    }
}
