package org.staffetta.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.event.MailEvent.Kind;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.session.Session;
import org.staffetta.api.spool.Draft;

/** The filters of one transaction, or of one phase before it. Closed with it, whatever its end. */
final class FilterRun implements AutoCloseable {

    private interface Asking {
        void ask(Member member) throws RefusedException;
    }

    private final FilterChain chain;
    private final String transaction;
    private final Judgement judgement;
    private final List<Member> members = new ArrayList<>();
    private String queueId = "";
    private boolean reported;
    private boolean refused;

    private FilterRun(FilterChain chain, Session session, String transaction, Judgement judgement,
            Supplier<Dns> budget) {
        this.chain = chain;
        this.transaction = transaction;
        this.judgement = judgement;
        Dns shared = budget.get();
        for (Link link : chain.links()) {
            members.add(link.isEffective()
                    ? new Step(chain, link, new Context(session, transaction, shared, judgement), judgement)
                    : new Shadow(chain, link, judgement, transaction, (aside, own) -> new Step(aside, link,
                            new Context(session, transaction, budget.get(), own), own)));
        }
    }

    /** For the phases connect and helo. */
    static FilterRun ofSession(FilterChain chain, Session session, Judgement judgement) {
        return new FilterRun(chain, session, "", judgement, () -> DnsBudget.NONE);
    }

    /**
     * Begins with all filters of the chain.
     *
     * @param budget a new one each time: what a filter asks whose verdict has no effect must not use up that of the others
     */
    static FilterRun begin(FilterChain chain, Session session, String transaction, Judgement judgement,
            Supplier<Dns> budget) throws RefusedException {
        FilterRun run = new FilterRun(chain, session, transaction, judgement, budget);
        try {
            run.each(Member::begin);
            return run;
        } catch (RefusedException failed) {
            run.close();
            throw failed;
        }
    }

    Judgement judgement() {
        return judgement;
    }

    /** The id of the transaction. */
    String transaction() {
        return transaction;
    }

    void session(Phase phase) throws RefusedException {
        each(member -> member.session(phase));
    }

    void mail(Envelope envelope) throws RefusedException {
        each(member -> member.mail(envelope));
    }

    void rcpt(Envelope envelope, Recipient recipient) throws RefusedException {
        each(member -> member.rcpt(envelope, recipient));
    }

    /** Has the message judged; each filter sees the edits of those before it. Returns the header fields that came of it. */
    List<Header> data(Envelope envelope, Draft draft, List<Header> headers) throws RefusedException {
        List<Header> edited = new ArrayList<>(headers);
        try {
            each(member -> {
                List<Header> come = member.data(envelope, draft, List.copyOf(edited));
                edited.clear();
                edited.addAll(come);
            });
            return List.copyOf(edited);
        } finally {
            List<Shadow> shadows = shadows();
            shadows.forEach(Shadow::readNow);
            shadows.forEach(Shadow::await);
        }
    }

    /** Tells who was asked, now that the message has an id. */
    void report(String id) {
        queueId = id;
        reported = true;
        if (!judgement.trace().isEmpty()) {
            List<String> fields = new ArrayList<>(List.of("transaction", transaction));
            judgement.trace().addTo(fields);
            chain.reporter().report(Kind.FILTERED, id, fields.toArray(String[]::new));
        }
    }

    @Override
    public void close() {
        // that a client may connect is no news
        if (!reported && (refused || !transaction.isEmpty())) {
            report("");
        }
        for (Member member : members) {
            switch (member) {
                case Step step -> step.close();
                case Shadow shadow -> shadow.close(queueId);
            }
        }
        members.clear();
    }

    private void each(Asking asking) throws RefusedException {
        Word taken = Word.FAILED;
        try {
            for (Member member : members) {
                asking.ask(member);
            }
            taken = judgement.standing();
        } catch (RefusedException refusal) {
            refused = true;
            taken = Word.of(refusal.reply());
            throw refusal;
        } finally {
            decided(taken);
        }
    }

    // backwards: what a canary is to be compared with comes right after it
    private void decided(Word taken) {
        Optional<Word> beside = Optional.empty();
        for (Member member : members.reversed()) {
            switch (member) {
                case Step step -> beside = step.takeWord();
                case Shadow shadow -> {
                    shadow.decided(shadow.isCanary() ? beside : Optional.empty(), taken);
                    beside = Optional.empty();
                }
            }
        }
    }

    private List<Shadow> shadows() {
        return members.stream().filter(Shadow.class::isInstance).map(Shadow.class::cast).toList();
    }

    /** What filters may ask. */
    private record Context(Session session, String transaction, Dns dns, Judgement judgement) implements FilterContext {

        @Override
        public List<Finding> findings() {
            return judgement.findings();
        }
    }
}
