package org.staffetta.relay;

import java.util.List;
import org.staffetta.api.mail.Reply;

/** What became of a next hop when its name was resolved. */
sealed interface Resolution {

    /**
     * These servers, in this order.
     *
     * @param targets at least one
     * @param reliable whether their names cannot have been forged: a route has them, the domain is its own server, or DNSSEC vouches for its MX records
     */
    record Servers(List<Target> targets, boolean reliable) implements Resolution {}

    /**
     * No server.
     *
     * @param reply why: 4yz or 5yz
     */
    record Nowhere(Reply reply) implements Resolution {}
}
