package org.staffetta.router;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.staffetta.api.directory.DirectoryEntry;
import org.staffetta.api.directory.DirectoryEntry.Account;
import org.staffetta.api.directory.DirectoryEntry.Alias;
import org.staffetta.api.directory.DirectoryEntry.Foreign;
import org.staffetta.api.directory.DirectoryEntry.NoSuchUser;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.routing.Route;
import org.staffetta.api.routing.Router;

/** Asks the directories, then the table. Immutable but for the directories. */
final class TableRouter implements Router {

    private static final Route NO_ROUTE = new Route.Refuse(
            new Reply(451, "4.3.5", "this server has no route for that domain yet; try again later"));
    private static final Route RELAY_SYNTAX = new Route.Refuse(
            new Reply(550, "5.7.1", "a local part with %, ! or @ is not relayed"));
    private static final Route BAD_LITERAL = new Route.Refuse(
            new Reply(550, "5.1.2", "that address literal is not the address of another host"));

    private final Directories directories;
    private final List<String> order;
    private final RouteTable table;
    private final String localTransport;
    private final Duration patience;

    /**
     * Makes a router.
     *
     * @param order see {@link Directories#find}
     * @param localTransport for own accounts without a route
     * @param patience how long to wait for a directory
     */
    TableRouter(Directories directories, List<String> order, RouteTable table, String localTransport,
            Duration patience) {
        this.directories = directories;
        this.order = List.copyOf(order);
        this.table = table;
        this.localTransport = localTransport;
        this.patience = patience;
    }

    @Override
    public Route route(Address recipient) throws IOException {
        DirectoryEntry entry = directories.find(recipient, order, patience);
        String domain = Domains.canonical(recipient.domain());
        return switch (entry) {
            case Account(var id, var attributes) when "any".equals(attributes.get("accept")) ->
                unverified(recipient, domain);
            case Account account -> table.own(domain).map(TableRouter::local)
                    .orElseGet(() -> new Route.Local(localTransport, domain));
            case Alias(var members) -> new Route.Alias(members);
            case NoSuchUser none -> new Route.Unknown();
            case Foreign foreign -> relay(domain);
        };
    }

    // a mailbox for whatever name a stranger makes up would fill the disk: only a route that leads on counts
    private Route unverified(Address recipient, String domain) {
        Optional<Hop> hop = table.own(domain).filter(found -> !found.transport().equals(localTransport));
        if (hop.isEmpty()) {
            return NO_ROUTE;
        }
        boolean relaySyntax = recipient.localPart().chars().anyMatch(c -> c == '%' || c == '!' || c == '@');
        return relaySyntax ? RELAY_SYNTAX : local(hop.get());
    }

    private Route relay(String domain) {
        Optional<String> literal = Literal.is(domain) ? Literal.nextHop(domain) : Optional.of(domain);
        if (literal.isEmpty()) {
            return BAD_LITERAL;
        }
        return table.foreign(domain).<Route>map(hop -> new Route.Relay(hop.transport(), hop.nextHop()))
                .orElseGet(() -> new Route.Relay("smtp", literal.get()));
    }

    private static Route local(Hop hop) {
        return new Route.Local(hop.transport(), hop.nextHop());
    }
}
