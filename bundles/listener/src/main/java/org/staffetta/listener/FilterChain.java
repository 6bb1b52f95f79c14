package org.staffetta.listener;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.plugin.PluginException;

/** The filters that are asked about one client or transaction, in the operator's order. Whatever one of them throws ends here. */
final class FilterChain {

    private static final Logger LOG = LoggerFactory.getLogger(FilterChain.class);
    private static final Reply FAILED = new Reply(451, "4.7.1", "the message cannot be judged now, come back later");

    private final List<Link> links;
    private final Deadline deadline;
    private final Duration limit;
    private final Reporter reporter;

    /**
     * @param links stay as long as their leases do
     * @param limit of each call
     */
    FilterChain(List<Link> links, Deadline deadline, Duration limit, Reporter reporter) {
        this.links = List.copyOf(links);
        this.deadline = deadline;
        this.limit = limit;
        this.reporter = reporter;
    }

    /**
     * Shows a session to the filters as they are now.
     *
     * @throws RefusedException if one refuses, or if one is not there and does not come in time: it is never skipped, unless the operator allowed that
     */
    static Judgement session(SessionSnapshot session, Phase phase, Settings settings, Deadline deadline,
            Reporter reporter) throws RefusedException {
        List<Link> links = reporter.parts().filters(settings, session);
        Judgement judgement = new Judgement();
        FilterChain chain = new FilterChain(links, deadline, settings.times().filter(), reporter);
        try (FilterRun run = FilterRun.ofSession(chain, session, judgement)) {
            run.session(phase);
            return judgement;
        } finally {
            links.forEach(Link::giveBack);
        }
    }

    List<Link> links() {
        return links;
    }

    Reporter reporter() {
        return reporter;
    }

    /** The same for one whose calls others do not wait for; the deadline that all plug-ins have ends them. */
    FilterChain aside(Link link) {
        return new FilterChain(List.of(link), new Deadline(), limit, reporter);
    }

    /**
     * Asks for a verdict.
     *
     * @throws RefusedException if the filter fails and is not to be skipped then
     */
    Verdict ask(Link link, Phase phase, Trace trace, Callable<Verdict> question) throws RefusedException {
        return call(link, phase, trace, question).orElseGet(Verdict::proceed);
    }

    /**
     * Calls into a filter; it fails if it throws anything, returns null, or takes too long.
     *
     * @return empty if it failed and is skipped
     * @throws RefusedException if it failed and is not
     */
    <T> Optional<T> call(Link link, Phase phase, Trace trace, Callable<T> call) throws RefusedException {
        long began = System.nanoTime();
        try {
            T result = Objects.requireNonNull(deadline.call(limit, call), "it returned null");
            if (result instanceof Verdict verdict) {
                note(link, phase, trace, Word.of(verdict), began);
                link.count().note(findings(verdict));
            }
            return Optional.of(result);
        } catch (Throwable failure) {
            // Errors too: a LinkageError of a plug-in that was half replaced is its trouble, not the client's
            note(link, phase, trace, link.isOpen() ? Word.SKIPPED : Word.FAILED, began);
            tell(link, failure);
            if (link.isOpen()) {
                return Optional.empty();
            }
            throw new RefusedException(FAILED, link.name());
        }
    }

    private static List<Finding> findings(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Proceed proceed -> proceed.findings();
            case Verdict.Quarantine quarantine -> quarantine.findings();
            case Verdict.Refuse _,Verdict.Discard _ -> List.of();
        };
    }

    private static void note(Link link, Phase phase, Trace trace, Word word, long began) {
        trace.note(link.label(), phase, word, System.nanoTime() - began);
        link.count().note(word);
    }

    private void tell(Link link, Throwable failure) {
        String what = !link.isEffective()
                ? "failed without effect"
                : link.isOpen() ? "failed and was skipped" : "failed";
        if (failure instanceof PluginException told) {
            // what it did is counted, and told to the operator when it happens again and again
            LOG.warn("filter {} {} in session {}: {}", link.name(), what, reporter.session(), told.getMessage());
            return;
        }
        LOG.warn("filter {} {} in session {}", link.name(), what, reporter.session(), failure);
        if (link.isEffective()) {
            reporter.alarm("filter " + link.name() + " " + what + ": " + failure);
        }
    }
}
