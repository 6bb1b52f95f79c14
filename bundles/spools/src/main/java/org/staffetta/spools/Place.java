package org.staffetta.spools;

import java.io.IOException;
import org.staffetta.api.spool.Exchange;
import org.staffetta.api.spool.Spool;

/**
 * A spool that is there.
 *
 * @param name its service property
 * @param identity of its storage
 */
record Place(String name, String identity, Spool spool, Exchange exchange) {

    static Place of(String name, Spool spool) throws IOException {
        Exchange exchange = spool.exchange();
        return new Place(name, exchange.identity(), spool, exchange);
    }

    Mark mark(String key) {
        return new Mark(name, identity, key);
    }
}
