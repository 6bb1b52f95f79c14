package org.staffetta.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.event.MailEvent.Kind;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.spool.Draft;

/**
 * A filter whose verdict has no effect. It is asked on a thread of its own, one question after the other, and nobody waits for the answers but for a
 * bounded time at the end of the message, which cannot be read after that. When all is over the shadow tells what it would have said, and gives
 * back its lease.
 */
final class Shadow implements Member {

    private static final Logger LOG = LoggerFactory.getLogger(Shadow.class);

    /** One question: what the shadow said, if it had to say anything, and what was decided. */
    private static final class Opinion {
        private Optional<Word> said = Optional.empty();
        private Word taken = Word.PROCEED;
        private boolean comparable;

        // to proceed changes nothing, whatever others decide
        boolean differs() {
            return said.isPresent() && said.get() != Word.FAILED && said.get() != taken
                    && (comparable || said.get() != Word.PROCEED);
        }
    }

    private interface Question {
        void ask() throws RefusedException;
    }

    /** Makes what is to be the shadow. */
    interface Making {
        Step make(FilterChain chain, Judgement judgement);
    }

    private final Link link;
    private final Lease<Filter> lease;
    private final Reporter reporter;
    private final Step step;
    private final Judgement own = new Judgement();
    private final Judgement others;
    private final String transaction;
    private final ThreadPoolExecutor lane = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), Thread.ofVirtual().name("shadow").factory());
    private final List<Future<?>> asked = new ArrayList<>();
    private final List<Opinion> opinions = new ArrayList<>();
    private int decided;
    private Optional<Runnable> data = Optional.empty();
    private Optional<LentMessage> lent = Optional.empty();
    private long readSince;
    private String reply = "";
    private volatile boolean over;
    private volatile long overSince;

    /**
     * Takes over the lease of the link.
     *
     * @param others what those say whose word counts
     * @param transaction its id; empty in a phase before one
     */
    Shadow(FilterChain chain, Link link, Judgement others, String transaction, Making making) {
        this.link = link;
        this.others = others;
        this.transaction = transaction;
        this.reporter = chain.reporter();
        this.step = making.make(chain.aside(link), own);
        this.lease = link.handOver();
    }

    @Override
    public void session(Phase phase) {
        submit(() -> step.session(phase));
    }

    @Override
    public void begin() {
        submit(step::begin);
    }

    @Override
    public void mail(Envelope envelope) {
        submit(() -> step.mail(envelope));
    }

    @Override
    public void rcpt(Envelope envelope, Recipient recipient) {
        submit(() -> step.rcpt(envelope, recipient));
    }

    /** It is its turn, and the message is what it would see; but the others read first. */
    @Override
    public List<Header> data(Envelope envelope, Draft draft, List<Header> headers) {
        LentMessage message = new LentMessage(draft.message(headers), draft);
        lent = Optional.of(message);
        Opinion opinion = opinion();
        List<Finding> seen = others.findings();
        data = Optional.of(() -> submit(() -> step.data(envelope, message, headers), seen, opinion));
        return headers;
    }

    /** The others have read the message. */
    void readNow() {
        readSince = System.nanoTime();
        data.ifPresent(Runnable::run);
        data = Optional.empty();
    }

    /** Waits for the answers, but not long; then the message is taken back. */
    void await() {
        long end = readSince + link.policy().shadowWait().toNanos();
        try {
            for (Future<?> answer : asked) {
                answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            }
        } catch (TimeoutException late) {
            LOG.debug("{} was not waited for in session {}", link.label(), reporter.session());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException bug) {
            LOG.error("the shadow of {} failed in session {}", link.label(), reporter.session(), bug);
        }
        lent.ifPresent(LentMessage::takeBack);
        asked.forEach(answer -> answer.cancel(true));
    }

    /** What was decided about that which was asked last; if this is to be compared with one beside it, what that one said counts. */
    void decided(Optional<Word> beside, Word taken) {
        for (Opinion opinion : opinions.subList(decided, opinions.size())) {
            opinion.taken = beside.orElse(taken);
            opinion.comparable = beside.isPresent();
        }
        decided = opinions.size();
    }

    boolean isCanary() {
        return link.isCanary();
    }

    /** No more questions will come. Returns at once; what was asked has a moment left. */
    void close(String queueId) {
        overSince = System.nanoTime();
        over = true;
        lane.execute(() -> end(queueId));
        lane.shutdown();
    }

    private void submit(Question question) {
        submit(question, others.findings(), opinion());
    }

    private void submit(Question question, List<Finding> seen, Opinion opinion) {
        asked.add(lane.submit(() -> think(question, seen, opinion)));
    }

    private Opinion opinion() {
        Opinion opinion = new Opinion();
        opinions.add(opinion);
        return opinion;
    }

    // here and in what follows: on the lane's thread
    private void think(Question question, List<Finding> seen, Opinion opinion) {
        if (over && System.nanoTime() - overSince > link.policy().shadowWait().toNanos()) {
            return;
        }
        own.see(seen);
        try {
            question.ask();
        } catch (RefusedException refused) {
            reply = refused.reply().toString();
        }
        opinion.said = step.takeWord();
    }

    private void end(String queueId) {
        try {
            step.close();
            tell(queueId);
        } finally {
            lease.close();
        }
    }

    private void tell(String queueId) {
        Optional<Opinion> other = opinions.stream().filter(Opinion::differs).findFirst();
        other.ifPresent(_ -> link.count().differed());
        // that a client may connect is no news
        if (own.trace().isEmpty() || transaction.isEmpty() && !own.trace().hasObjection()) {
            return;
        }
        List<String> fields = new ArrayList<>(List.of("transaction", transaction));
        own.trace().addTo(fields);
        fields.addAll(List.of("taken", other.orElse(opinions.getLast()).taken.toString(), "differs",
                other.isPresent() ? "yes" : "no", "reply", reply));
        reporter.report(Kind.SHADOWED, queueId, fields.toArray(String[]::new));
    }
}
