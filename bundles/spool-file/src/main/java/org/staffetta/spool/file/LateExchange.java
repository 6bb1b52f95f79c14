package org.staffetta.spool.file;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Exchange;
import org.staffetta.api.spool.SpoolException;

/** That of a spool that may still be opening. */
record LateExchange(Opening opening) implements Exchange {

    /** Waits, for a while. */
    @FunctionalInterface
    interface Opening {
        Exchange await() throws SpoolException;
    }

    @Override
    public String identity() throws IOException {
        return opening.await().identity();
    }

    @Override
    public String receive(Entry entry, String origin) throws SpoolException {
        return opening.await().receive(entry, origin);
    }

    @Override
    public Optional<Entry> copy(String key) throws IOException {
        return opening.await().copy(key);
    }

    @Override
    public void activate(String key) throws IOException {
        opening.await().activate(key);
    }

    @Override
    public void discard(String key) throws IOException {
        opening.await().discard(key);
    }

    @Override
    public Stream<Incoming> incoming() throws IOException {
        return opening.await().incoming();
    }

    @Override
    public Stream<Outgoing> outgoing() throws IOException {
        return opening.await().outgoing();
    }

    @Override
    public void forget(String id) throws IOException {
        opening.await().forget(id);
    }

    @Override
    public boolean isGone(String id) throws IOException {
        return opening.await().isGone(id);
    }
}
