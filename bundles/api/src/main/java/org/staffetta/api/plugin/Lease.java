package org.staffetta.api.plugin;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The right to use one plug-in until {@link #close}.
 *
 * @param <T> the kind of plug-in
 */
@ProviderType
public interface Lease<T> extends AutoCloseable {

    /** The plug-in. Not to be used after {@link #close}. */
    T service();

    /** The name under which it was leased first: its own, not {@link Plugins#ANY}. */
    String name();

    /** The version of the bundle that it came from. */
    String version();

    /** A service property of the plug-in that begins with {@code staffetta.}, as text; empty if it has none of that name. */
    Optional<String> property(String key);

    /**
     * Asks to be told when the plug-in wants to go, for holders of leases that have no end of their own. Called at most once, on the thread that
     * drains, at once if it wants to go already; must not wait. Ending what uses the lease is the holder's part.
     */
    void onRecall(Runnable recall);

    /** Gives the right back; the second time nothing happens. */
    @Override
    void close();
}
