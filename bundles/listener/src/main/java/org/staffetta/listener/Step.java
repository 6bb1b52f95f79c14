package org.staffetta.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.HeaderEdit;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.session.Session;
import org.staffetta.api.spool.Draft;

/**
 * A filter whose verdict counts. One that is asked for some domains only joins when the first recipient in them is named: it is shown then what it
 * has missed, and what it refuses of that is refused of its recipients, not of the others.
 */
final class Step implements Member {

    private final FilterChain chain;
    private final Link link;
    private final FilterContext context;
    private final Judgement judgement;
    private Optional<Filter.Transaction> transaction = Optional.empty();
    private Optional<RefusedException> refusal = Optional.empty();
    private boolean joined;
    private Optional<Word> word = Optional.empty();

    Step(FilterChain chain, Link link, FilterContext context, Judgement judgement) {
        this.chain = chain;
        this.link = link;
        this.context = context;
        this.judgement = judgement;
    }

    private interface Question {
        Verdict ask(Filter.Transaction filter) throws Exception;
    }

    /** What it said since this was last asked; empty if it was asked nothing. */
    Optional<Word> takeWord() {
        Optional<Word> taken = word;
        word = Optional.empty();
        return taken;
    }

    Link link() {
        return link;
    }

    @Override
    public void session(Phase phase) throws RefusedException {
        Session session = context.session();
        Filter filter = link.filter();
        heed(phase, phase == Phase.HELO ? () -> filter.helo(session) : () -> filter.connect(session));
    }

    @Override
    public void begin() throws RefusedException {
        if (!link.policy().scope().isOfRecipients()) {
            join();
        }
    }

    @Override
    public void mail(Envelope envelope) throws RefusedException {
        ask(Phase.MAIL, filter -> filter.mail(envelope));
    }

    @Override
    public void rcpt(Envelope envelope, Recipient recipient) throws RefusedException {
        if (!link.policy().scope().includes(recipient.address())) {
            return;
        }
        if (!joined) {
            joinLate(envelope.withRecipients(List.of()));
        }
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        ask(Phase.RCPT, filter -> filter.rcpt(envelope, recipient));
    }

    @Override
    public List<Header> data(Envelope envelope, Draft draft, List<Header> headers) throws RefusedException {
        return data(envelope, draft.message(headers), headers);
    }

    /** As above, where the message is there to be read. */
    List<Header> data(Envelope envelope, Message message, List<Header> headers) throws RefusedException {
        boolean concerned = envelope.recipients().stream()
                .anyMatch(recipient -> link.policy().scope().includes(recipient.address()));
        if (!concerned || !(ask(Phase.DATA, filter -> filter.data(envelope, message)) instanceof Verdict.Proceed said)
                || said.edits().isEmpty()) {
            return headers;
        }
        List<Header> edited = new ArrayList<>(headers);
        said.edits().forEach(edit -> apply(edit, edited));
        return List.copyOf(edited);
    }

    /** The transaction is over. What the filter says to that is nobody's concern. */
    void close() {
        Trace unheard = new Trace();
        transaction.ifPresent(filter -> {
            try {
                chain.call(link, Phase.BEGIN, unheard, () -> {
                    filter.close();
                    return filter;
                });
            } catch (RefusedException failed) {
                // it is counted and logged
            }
        });
        transaction = Optional.empty();
    }

    private void join() throws RefusedException {
        joined = true;
        if (link.policy().scope().isLate()) {
            session(Phase.CONNECT);
            session(Phase.HELO);
        }
        transaction = chain.call(link, Phase.BEGIN, judgement.trace(), () -> link.filter().begin(context));
    }

    private void joinLate(Envelope envelope) throws RefusedException {
        try {
            join();
            mail(envelope);
        } catch (RefusedException refused) {
            refusal = Optional.of(refused);
            throw refused;
        }
    }

    private Verdict ask(Phase phase, Question question) throws RefusedException {
        if (transaction.isEmpty()) {
            return Verdict.proceed();
        }
        Filter.Transaction filter = transaction.get();
        return heed(phase, () -> question.ask(filter));
    }

    private Verdict heed(Phase phase, Callable<Verdict> question) throws RefusedException {
        word = Optional.of(Word.FAILED);
        Verdict verdict = chain.ask(link, phase, judgement.trace(), question);
        word = Optional.of(Word.of(verdict));
        Optional<Reply> refused = judgement.heed(verdict);
        if (refused.isPresent()) {
            throw new RefusedException(refused.get(), link.name());
        }
        return verdict;
    }

    private static void apply(HeaderEdit edit, List<Header> headers) {
        switch (edit) {
            case HeaderEdit.Prepend prepend -> headers.addFirst(prepend.header());
            case HeaderEdit.Remove remove -> headers.remove(remove.header());
        }
    }
}
