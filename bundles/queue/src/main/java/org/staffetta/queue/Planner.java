package org.staffetta.queue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.delivery.Outcome;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.routing.Route;
import org.staffetta.api.routing.Router;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Pending;

/**
 * Asks the router for each recipient, and expands aliases: with the members of members, each name once, to a bounded depth and number.
 * Uses up one message; asks each address once.
 */
final class Planner {
    private static final Logger LOG = LoggerFactory.getLogger(Planner.class);
    private static final int MAX_DEPTH = 10;
    private static final int MAX_MEMBERS = 1_000;

    private final Router router;
    private final Set<Address> known = new HashSet<>();
    private final Plan plan = new Plan();

    /** Where the recipients of a message go. */
    static final class Plan {

        /** Aliases, to be replaced by their members. */
        final List<Pending> replaced = new ArrayList<>();

        /** Members of aliases that are not recipients already. */
        final List<Pending> added = new ArrayList<>();

        /** Aliases with several members. */
        final List<Pending> expanded = new ArrayList<>();

        /** Recipients by their next hop, members included. */
        final Map<Hop, List<Pending>> hops = new LinkedHashMap<>();

        /** Recipients whose outcome is known without an attempt. */
        final Map<Pending, Outcome> settled = new LinkedHashMap<>();
    }

    private Planner(Router router) {
        this.router = router;
    }

    /** Plans for the recipients that are due. */
    static Plan plan(Entry entry, List<Pending> due, Router router) {
        Planner planner = new Planner(router);
        entry.envelope().recipients().forEach(recipient -> planner.known.add(recipient.address()));
        entry.pending().forEach(pending -> planner.known.add(pending.recipient().address()));
        due.forEach(planner::plan);
        return planner.plan;
    }

    private void plan(Pending pending) {
        switch (ask(pending.recipient().address())) {
            case Answer.Known(Route.Alias alias) -> expand(pending, alias);
            case Answer.Known(Route route) -> place(pending, route);
            case Answer.None(Outcome.Deferred outcome) -> plan.settled.put(pending, outcome);
        }
    }

    private void place(Pending pending, Route route) {
        switch (route) {
            case Route.Local(String transport, String nextHop) -> send(pending, new Hop(transport, nextHop, true));
            case Route.Relay(String transport, String nextHop) -> send(pending, new Hop(transport, nextHop, false));
            case Route.Unknown() ->
                plan.settled.put(pending, new Outcome.Failed(new Reply(550, "5.1.1", "no such recipient"), ""));
            case Route.Refuse(Reply reply) -> plan.settled.put(pending, Outcome.of(reply, ""));
            case Route.Alias alias -> throw new IllegalStateException("not expanded: " + alias);
        }
    }

    private void send(Pending pending, Hop hop) {
        plan.hops.computeIfAbsent(hop, first -> new ArrayList<>()).add(pending);
    }

    private void expand(Pending alias, Route.Alias route) {
        switch (members(alias.recipient().address(), route)) {
            case Members.Found(Map<Address, Route> leaves) -> replace(alias, leaves);
            case Members.None(Outcome outcome) -> plan.settled.put(alias, outcome);
        }
    }

    private void replace(Pending alias, Map<Address, Route> leaves) {
        plan.replaced.add(alias);
        Map<String, String> parameters = OriginalRecipient.added(alias.recipient());
        if (leaves.size() > 1) {
            plan.expanded.add(alias);
            parameters = Notify.withoutSuccess(parameters);
        }
        for (Map.Entry<Address, Route> leaf : leaves.entrySet()) {
            if (known.add(leaf.getKey())) {
                Pending member = Pending.first(new Recipient(leaf.getKey(), parameters));
                plan.added.add(member);
                place(member, leaf.getValue());
            }
        }
    }

    private Members members(Address alias, Route.Alias route) {
        Set<Address> visited = new HashSet<>(Set.of(alias));
        Map<Address, Route> leaves = new LinkedHashMap<>();
        List<Address> level = route.members();
        for (int depth = 1; !level.isEmpty(); depth++) {
            List<Address> next = new ArrayList<>();
            for (Address member : level) {
                if (!visited.add(member)) {
                    continue;
                }
                switch (ask(member)) {
                    case Answer.Known(Route.Alias nested) -> next.addAll(nested.members());
                    case Answer.Known(Route leaf) -> leaves.put(member, leaf);
                    case Answer.None(Outcome.Deferred outcome) -> {
                        return new Members.None(outcome);
                    }
                }
                if (visited.size() > MAX_MEMBERS || next.size() > MAX_MEMBERS * MAX_DEPTH) {
                    return Members.tooMuch("the alias has more than " + MAX_MEMBERS + " members");
                }
            }
            if (depth == MAX_DEPTH && !next.isEmpty()) {
                return Members.tooMuch("aliases are nested more than " + MAX_DEPTH + " deep");
            }
            level = next;
        }
        return leaves.isEmpty() ? Members.ring() : new Members.Found(leaves);
    }

    // A router that breaks is our fault, not the recipient's.
    private Answer ask(Address address) {
        try {
            return new Answer.Known(router.route(address));
        } catch (IOException e) {
            return new Answer.None(deferred("4.3.0", "the route cannot be told now: " + e.getMessage()));
        } catch (RuntimeException | Error e) { // it may be a plug-in
            LOG.error("The router {} failed for {}", router.getClass().getName(), address, e);
            return new Answer.None(deferred("4.3.0", "the router failed"));
        }
    }

    private static Outcome.Deferred deferred(String status, String text) {
        return new Outcome.Deferred(new Reply(451, status, Printable.line(text, 200, true)), "");
    }

    private sealed interface Answer {
        record Known(Route route) implements Answer {}

        record None(Outcome.Deferred outcome) implements Answer {}
    }

    private sealed interface Members {
        record Found(Map<Address, Route> leaves) implements Members {}

        record None(Outcome outcome) implements Members {}

        // An administrator can put that right, and the mail then arrives: no reason to bounce it yet.
        static Members tooMuch(String why) {
            return new None(deferred("4.3.5", why));
        }

        static Members ring() {
            return new None(new Outcome.Failed(new Reply(550, "5.4.6", "the alias leads back to itself"), ""));
        }
    }
}
