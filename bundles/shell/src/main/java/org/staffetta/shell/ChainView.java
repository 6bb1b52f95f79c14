package org.staffetta.shell;

import java.io.PrintStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.staffetta.api.filter.Chain;

/** How the chains of filters are shown: {@code plugins --chain}. */
record ChainView(Arguments arguments) {

    private static final List<String> COUNTERS = List.of("asked", "proceed", "refuse", "defer", "quarantine", "discard",
            "failed", "differed");

    /** Those of one listener, or of all; for one kind of mail, or whatever it is. */
    void print(Collection<Chain> chains, PrintStream out) {
        Optional<String> listener = arguments.value("--listener");
        List<Chain> wanted = chains.stream().filter(chain -> listener.map(chain.listener()::equals).orElse(true))
                .toList();
        if (wanted.isEmpty() && listener.isPresent()) {
            throw new IllegalStateException("there is no listener " + Table.clean(listener.get()) + " at the moment");
        }
        wanted.forEach(chain -> print(chain, chain.links().stream().filter(this::isWanted).toList(), out));
    }

    // without a word about the mail all that the listener names are shown, what is off or out of scope included
    private boolean isWanted(Chain.Link link) {
        boolean narrowed = arguments.has("--domain") || arguments.has("--authenticated");
        return !narrowed || link.asks(arguments.value("--domain").orElse(""), arguments.has("--authenticated"));
    }

    private void print(Chain chain, List<Chain.Link> links, PrintStream out) {
        if (arguments.has("--json")) {
            links.forEach(link -> out.println(Json.of(json(chain, link))));
            return;
        }
        out.println(Table.clean("listener %s asks %s".formatted(chain.listener(),
                links.isEmpty() ? "no filter" : "in this order:")));
        if (!links.isEmpty()) {
            table(links).print(out);
            links.forEach(link -> found(link).ifPresent(out::println));
        }
    }

    // the method is the filter's own name as a rule
    private static Optional<String> found(Chain.Link link) {
        String results = link.results().entrySet().stream()
                .map(result -> result.getKey().replaceFirst("^" + Pattern.quote(link.name()) + "=", "") + " "
                        + result.getValue())
                .collect(Collectors.joining(", "));
        String who = link.role().equals("canary") ? link.name() + " (canary)" : link.name();
        return Optional.of(Table.clean(who + " has found: " + results)).filter(_ -> !results.isEmpty());
    }

    private static Table table(List<Chain.Link> links) {
        Table table = new Table("FILTER", "VERSION", "ROLE", "MODE", "SHARE", "SCOPE", "FAILURE", "BREAKER", "ASKED",
                "PROCEED", "REFUSE", "DEFER", "QUARANTINE", "DISCARD", "FAILED", "DIFFERED");
        for (Chain.Link link : links) {
            Map<String, Long> counters = link.counters();
            Object[] cells = new Object[8 + COUNTERS.size()];
            List<String> texts = List.of(link.name(), link.version().isEmpty() ? "missing" : link.version(),
                    link.role(), link.mode(), link.share(), link.scope().isEmpty() ? "all" : link.scope(),
                    link.failure(), link.breaker().isEmpty() ? "-" : link.breaker());
            for (int i = 0; i < cells.length; i++) {
                cells[i] = i < texts.size()
                        ? texts.get(i)
                        : counters.getOrDefault(COUNTERS.get(i - texts.size()), 0L);
            }
            table.row(cells);
        }
        return table;
    }

    private static Map<String, Object> json(Chain chain, Chain.Link link) {
        return EntryView.ordered("listener", chain.listener(), "filter", link.name(), "version", link.version(), "role",
                link.role(), "mode", link.mode(), "share", link.share(), "scope", link.scope(), "failure",
                link.failure(), "breaker", link.breaker(), "counters", link.counters(), "results",
                link.results());
    }
}
