package org.staffetta.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.filter.HeaderEdit;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.session.Session;
import org.staffetta.api.spool.Draft;

/** The filters of one transaction. Closed with it, whatever its end. */
final class FilterRun implements AutoCloseable {

    /** What one filter thinks of the transaction. */
    private record Step(String name, Filter.Transaction filter) {}

    private interface Phase {
        Verdict ask(Filter.Transaction filter) throws Exception;
    }

    private final FilterChain chain;
    private final Judgement judgement;
    private final List<Step> steps = new ArrayList<>();

    private FilterRun(FilterChain chain, Judgement judgement) {
        this.chain = chain;
        this.judgement = judgement;
    }

    /** Begins with all filters of the chain. */
    static FilterRun begin(FilterChain chain, Session session, String transaction, Judgement judgement, Dns dns)
            throws RefusedException {
        FilterRun run = new FilterRun(chain, judgement);
        FilterContext context = run.new Context(session, transaction, dns);
        try {
            for (FilterChain.Named named : chain.filters()) {
                run.steps.add(new Step(named.name(), chain.call(named.name(), () -> named.filter().begin(context))));
            }
        } catch (RefusedException failed) {
            run.close();
            throw failed;
        }
        return run;
    }

    Judgement judgement() {
        return judgement;
    }

    void mail(Envelope envelope) throws RefusedException {
        ask(filter -> filter.mail(envelope));
    }

    void rcpt(Envelope envelope, Recipient recipient) throws RefusedException {
        ask(filter -> filter.rcpt(envelope, recipient));
    }

    /** Has the message judged; each filter sees the edits of those before it. Returns the header fields that came of it. */
    List<Header> data(Envelope envelope, Draft draft, List<Header> headers) throws RefusedException {
        List<Header> edited = new ArrayList<>(headers);
        for (Step step : steps) {
            List<Header> seen = List.copyOf(edited);
            Verdict verdict = chain.ask(step.name(), () -> step.filter().data(envelope, draft.message(seen)));
            heed(verdict);
            if (verdict instanceof Verdict.Proceed proceed) {
                proceed.edits().forEach(edit -> apply(edit, edited));
            }
        }
        return List.copyOf(edited);
    }

    @Override
    public void close() {
        for (Step step : steps) {
            chain.ask(step.name(), () -> {
                step.filter().close();
                return Verdict.proceed();
            });
        }
        steps.clear();
    }

    private void ask(Phase phase) throws RefusedException {
        for (Step step : steps) {
            heed(chain.ask(step.name(), () -> phase.ask(step.filter())));
        }
    }

    private void heed(Verdict verdict) throws RefusedException {
        Optional<Reply> refusal = judgement.heed(verdict);
        if (refusal.isPresent()) {
            throw new RefusedException(refusal.get());
        }
    }

    private static void apply(HeaderEdit edit, List<Header> headers) {
        switch (edit) {
            case HeaderEdit.Prepend prepend -> headers.addFirst(prepend.header());
            case HeaderEdit.Remove remove -> headers.remove(remove.header());
        }
    }

    /** What filters may ask. */
    private final class Context implements FilterContext {

        private final Session session;
        private final String transaction;
        private final Dns dns;

        private Context(Session session, String transaction, Dns dns) {
            this.session = session;
            this.transaction = transaction;
            this.dns = dns;
        }

        @Override
        public Session session() {
            return session;
        }

        @Override
        public String transaction() {
            return transaction;
        }

        @Override
        public List<Finding> findings() {
            return judgement.findings();
        }

        @Override
        public Dns dns() {
            return dns;
        }
    }
}
