package org.staffetta.ports;

import java.io.IOException;
import java.time.Duration;
import org.staffetta.api.net.Port;
import org.staffetta.api.net.Ports;

/** Ports for the tests of those who listen. */
public final class TestPorts implements Ports, AutoCloseable {

    private final PortTable table;

    /** Ports that wait so long for a successor. */
    public TestPorts(Duration grace) {
        table = new PortTable(() -> grace);
    }

    @Override
    public Port open(String owner, String address, int port) throws IOException {
        return table.open(owner, address, port);
    }

    @Override
    public void close() {
        table.close();
    }
}
