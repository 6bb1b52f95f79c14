package org.staffetta.listener;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.PluginException;
import org.staffetta.api.session.Session;

/** The filters that the operator named, in his order, as they were at one moment. Whatever one of them throws ends here. */
final class FilterChain {

    private static final Logger LOG = LoggerFactory.getLogger(FilterChain.class);
    private static final Reply FAILED = new Reply(451, "4.3.0", "the message cannot be judged now, come back later");

    /** A filter and the name it was found by. */
    record Named(String name, Filter filter) {}

    private final List<Named> filters;
    private final Deadline deadline;
    private final Duration limit;
    private final Reporter reporter;

    private FilterChain(List<Named> filters, Deadline deadline, Duration limit, Reporter reporter) {
        this.filters = List.copyOf(filters);
        this.deadline = deadline;
        this.limit = limit;
        this.reporter = reporter;
    }

    /** The filters that were leased; they stay as long as the leases do. */
    static FilterChain of(List<Lease<Filter>> leases, Settings settings, Deadline deadline, Reporter reporter) {
        List<Named> filters = leases.stream().map(lease -> new Named(lease.name(), lease.service())).toList();
        return new FilterChain(filters, deadline, settings.times().filter(), reporter);
    }

    /**
     * Shows a session to the filters as they are now.
     *
     * @throws RefusedException if one refuses, or if one is not there and does not come in time: it is never skipped, unless the operator allowed that
     */
    static Judgement session(Session session, boolean helo, Settings settings, Deadline deadline, Reporter reporter)
            throws RefusedException {
        List<Lease<Filter>> leases = reporter.parts().filters(settings);
        try {
            return of(leases, settings, deadline, reporter).session(session, helo);
        } finally {
            leases.forEach(Lease::close);
        }
    }

    List<Named> filters() {
        return filters;
    }

    /** The phase connect, or helo. */
    private Judgement session(Session session, boolean helo) throws RefusedException {
        Judgement judgement = new Judgement();
        for (Named named : filters) {
            Filter filter = named.filter();
            Verdict verdict = ask(named.name(), helo ? () -> filter.helo(session) : () -> filter.connect(session));
            Optional<Reply> refusal = judgement.heed(verdict);
            if (refusal.isPresent()) {
                throw new RefusedException(refusal.get());
            }
        }
        return judgement;
    }

    /** Asks for a verdict; a filter that fails has deferred. */
    Verdict ask(String filter, Callable<Verdict> question) {
        try {
            return call(filter, question);
        } catch (RefusedException failed) {
            return new Verdict.Refuse(failed.reply());
        }
    }

    /**
     * Calls into a filter.
     *
     * @throws RefusedException if it throws anything, returns null, or takes too long
     */
    <T> T call(String filter, Callable<T> call) throws RefusedException {
        try {
            return Objects.requireNonNull(deadline.call(limit, call), "it returned null");
        } catch (PluginException told) {
            // what it did is counted, and told to the operator when it happens again and again
            LOG.warn("{} in session {}", told.getMessage(), reporter.session());
            throw new RefusedException(FAILED);
        } catch (Throwable failure) {
            // Errors too: a LinkageError of a plug-in that was half replaced is its trouble, not the client's
            LOG.warn("filter {} failed in session {}", filter, reporter.session(), failure);
            reporter.alarm("filter " + filter + " failed: " + failure);
            throw new RefusedException(FAILED);
        }
    }
}
