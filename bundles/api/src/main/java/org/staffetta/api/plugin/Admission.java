package org.staffetta.api.plugin;

import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Says whose plug-ins are lent. While a bundle is replaced, two versions of it run side by side: the new one is held back until it has proved that it
 * works, then the old one is, in one step, so that there is no moment at which both or neither is lent. For whoever replaces bundles; there
 * is one such part in a server.
 */
@ProviderType
public interface Admission {

    /**
     * Lends nothing of these bundles until this is called again, and everything of all others. Leases that are out stay as they are.
     *
     * @param bundles their ids
     */
    void hold(Set<Long> bundles);
}
