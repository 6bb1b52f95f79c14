package org.staffetta.listener;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.session.Session;

/** A filter that writes down what it is asked, and proceeds unless told otherwise. */
final class Recorder implements Filter {

    /** A verdict that may throw or take its time. */
    interface Saying {
        Verdict say() throws Exception;
    }

    final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<Phase, Saying> sayings = new EnumMap<>(Phase.class);

    /** One that always proceeds. */
    static Recorder silent() {
        return new Recorder();
    }

    /** One that says this in a phase. */
    static Recorder of(Phase phase, Saying saying) {
        return silent().saying(phase, saying);
    }

    /** One that refuses for good in a phase. */
    static Recorder refusing(Phase phase) {
        return of(phase, () -> Verdict.reject("5.7.1", "not wanted here"));
    }

    Recorder saying(Phase phase, Saying saying) {
        sayings.put(phase, saying);
        return this;
    }

    /** The phases in which it was asked, in their order. */
    List<String> phases() {
        return asked.stream().map(one -> one.split(" ", 2)[0]).toList();
    }

    @Override
    public Verdict connect(Session session) throws IOException {
        return say(Phase.CONNECT, "");
    }

    @Override
    public Verdict helo(Session session) throws IOException {
        return say(Phase.HELO, session.helo());
    }

    @Override
    public Transaction begin(FilterContext context) throws IOException {
        say(Phase.BEGIN, "");
        return new Transaction() {
            @Override
            public Verdict mail(Envelope envelope) throws IOException {
                return say(Phase.MAIL, envelope.sender() + " " + envelope.recipients().size());
            }

            @Override
            public Verdict rcpt(Envelope envelope, Recipient recipient) throws IOException {
                return say(Phase.RCPT, recipient.address() + " " + envelope.recipients().size());
            }

            @Override
            public Verdict data(Envelope envelope, Message message) throws IOException {
                return say(Phase.DATA, envelope.recipients().size() + " " + message.headers().getLast().value());
            }

            @Override
            public void close() {
                asked.add("close");
            }
        };
    }

    private Verdict say(Phase phase, String about) throws IOException {
        asked.add((phase + " " + about).strip());
        try {
            return sayings.getOrDefault(phase, Verdict::proceed).say();
        } catch (IOException | RuntimeException thrown) {
            throw thrown;
        } catch (Exception thrown) {
            throw new IOException(thrown);
        }
    }
}
