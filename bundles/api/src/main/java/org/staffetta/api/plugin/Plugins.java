package org.staffetta.api.plugin;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** All plug-ins that are there, for use under a lease. May be called from any thread. */
@ProviderType
public interface Plugins {

    /** A name that fits every plug-in: for kinds of which one is enough, as the router. */
    String ANY = "";

    /** In a list of names: all that are not named in it, best first; of which there must be one. */
    String OTHERS = "*";

    /**
     * Leases the best plug-in of a kind and name; waits for one that may be in the middle of being replaced. Of several, that with the
     * highest service ranking is the best, then that of the higher bundle version, then the newer.
     *
     * @param kind a service interface of this API
     * @param name the service property {@code staffetta.name} (for authenticators {@code staffetta.mechanism}), or {@link #ANY}
     * @return empty if there was none in time
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    <T> Optional<Lease<T>> lease(Class<T> kind, String name, Duration patience) throws InterruptedException;

    /**
     * Leases several plug-ins of a kind in the order of their names, as configurations write it: {@code spf, dkim, greylist?, *}. A name with a
     * question mark is of one that may be missing. Leases all or none, and holds none while it waits for one that is missing: that one may come only
     * after another, which it would hold, has gone.
     *
     * @throws PluginException if one was not there in time; the message names it
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    <T> List<Lease<T>> lease(Class<T> kind, List<String> names, Duration patience)
            throws PluginException, InterruptedException;

    /** Leases all plug-ins of a kind, the best of each name, best first; may be none. The caller closes each. */
    <T> List<Lease<T>> leaseAll(Class<T> kind);

    /**
     * Leases all plug-ins of a kind and name, best first: while a new version is tried beside the old there are two. May be none; does not wait. The
     * caller closes each.
     */
    <T> List<Lease<T>> leaseVersions(Class<T> kind, String name);

    /** The names that can be leased, and those that went a moment ago and may be on their way back, as those of a bundle that is updated. */
    Set<String> names(Class<?> kind);

    /** Has something run after each change of what there is, on the thread that made the change; it must not wait. Closing ends it. */
    Watch onChange(Runnable action);

    /** A wish to be told of changes. */
    @ProviderType
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** All plug-ins of all kinds, as they stand. */
    List<Plugin> plugins();

    /** One plug-in, as it stood when this was read. */
    @ProviderType
    interface Plugin {

        /** The simple name of the service interface, e.g. {@code Filter}. */
        String kind();

        /** The name by which the configuration knows it. */
        String name();

        /** The symbolic name of its bundle. */
        String bundle();

        /** The version of its bundle. */
        String version();

        /** The id of its bundle, which tells two of the same version apart. */
        long bundleId();

        /** Whether it runs isolated from the server's own threads, as what comes from {@code deploy/} does. */
        boolean isolated();

        /** Leases that are out now. */
        int leases();

        /** How long the oldest of them has been out, but for those that end when they are recalled; zero if there is none. What grows for ever is a leak. */
        Duration oldestLease();

        /** Calls so far; 0 for stores, whose calls are not counted. */
        long calls();

        /** Calls that failed: threw, overran their deadline, or gave nothing back. */
        long failures();

        /** The time within which that share of calls ended, e.g. 0.99, to within a factor of two. */
        Duration percentile(double share);

        /** {@code closed}: it is called; {@code open}: it failed repeatedly and is left alone; {@code probing}: one call tries it. */
        String breaker();

        /** Threads of calls that were given up at their deadline and have not ended all the same, as those that wait for a monitor for ever. */
        int stuck();

        /** Whether it is lent no more and waits for its leases to come back. */
        boolean draining();
    }
}
