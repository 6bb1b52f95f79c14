package org.staffetta.api.net;

import java.io.IOException;
import org.osgi.annotation.versioning.ProviderType;

/** Opens ports to listen on. May be called from any thread. */
@ProviderType
public interface Ports {

    /**
     * Opens a port, or joins in one that is open: the same owner asks for it that has it already, or nobody has it any more and it still
     * waits for a successor.
     *
     * @param owner for whom, e.g. {@code listener smtp}: who replaces another gives the same name
     * @param address the address to listen on, as digits or as a name; {@code 0.0.0.0} or {@code ::} for all
     * @param port the TCP port; 0 for any that is free, which for the same owner is that which it has already
     * @throws IOException if the port cannot be had: another owner has it, the address is not ours, it takes a right that we lack
     */
    Port open(String owner, String address, int port) throws IOException;
}
