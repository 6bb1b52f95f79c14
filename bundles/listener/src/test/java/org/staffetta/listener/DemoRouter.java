package org.staffetta.listener;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.routing.Route;
import org.staffetta.api.routing.Router;

/** A router with a few people in {@code demo.test} and {@code mydomain.tld}; all other domains are somebody else's. */
final class DemoRouter implements Router {

    private static final Set<String> DOMAINS = Set.of("demo.test", "mydomain.tld", "mx.demo.test");
    private static final Set<String> PEOPLE = Set.of("alice", "bob", "starttls", "postmaster", "jürgen", "a b");

    @Override
    public Route route(Address recipient) throws IOException {
        String local = recipient.localPart().toLowerCase(Locale.ROOT);
        if (!DOMAINS.contains(recipient.domain())) {
            return new Route.Relay("smtp", recipient.domain());
        }
        return switch (local) {
            case "team" -> new Route.Alias(List.of(new Address("alice", "demo.test")));
            case "full" -> new Route.Refuse(new Reply(452, "4.2.2", "the mailbox is full"));
            case "unsure" -> throw new IOException("the directory does not answer");
            case "bug" -> throw new IllegalStateException("a bug in the router");
            default -> PEOPLE.contains(local) || local.matches("user[0-9]+")
                    ? new Route.Local("mda", "")
                    : new Route.Unknown();
        };
    }
}
