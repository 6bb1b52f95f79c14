package org.staffetta.ports;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.staffetta.api.net.Port;

/** One holder's share of a port. */
final class Holding implements Port {

    private final PortTable table;
    private final Listening listening;

    Holding(PortTable table, Listening listening) {
        this.table = table;
        this.listening = listening;
    }

    Listening listening() {
        return listening;
    }

    @Override
    public InetSocketAddress address() {
        return listening.address();
    }

    @Override
    public Socket accept() throws IOException, InterruptedException {
        return listening.take(this);
    }

    @Override
    public boolean isShared() {
        return listening.isShared(this);
    }

    @Override
    public void close() {
        table.leave(this, false);
    }

    @Override
    public void abandon() {
        table.leave(this, true);
    }
}
