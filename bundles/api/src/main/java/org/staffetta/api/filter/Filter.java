package org.staffetta.api.filter;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.session.Session;

/**
 * Judges sessions and transactions. Implement the phases you care about; all others proceed.
 *
 * <p><b>Threads and time.</b> Methods of a filter are called by many threads at once; those of one
 * {@link Transaction} one after the other. They may block, but not for long: the server ends a call that overruns its deadline by an
 * interrupt, and answers {@code 451} for it. An exception does the same. Nothing of what a filter is given may be kept
 * beyond {@link Transaction#close()}.
 *
 * <p><b>Settings.</b> Capture what you need of them in {@link #begin}: a transaction ends with the settings it began with.
 */
@ConsumerType
public interface Filter {

    /** The service property by which the configuration names a filter, router, transport or store. */
    String NAME = "staffetta.name";

    /**
     * The service property by which a filter says what it means when it fails: {@code closed}, the client is told to come back, which is so
     * if it says nothing; or {@code open}, the filter is skipped. The operator may say otherwise.
     */
    String FAILURE = "staffetta.failure";

    /**
     * A client has connected; the greeting is not sent yet.
     *
     * @throws IOException if a judgement is not possible now; the client is told to come back ({@code 451})
     */
    default Verdict connect(Session session) throws IOException {
        return Verdict.proceed();
    }

    /**
     * The client has said HELO or EHLO.
     *
     * @throws IOException as in {@link #connect}
     */
    default Verdict helo(Session session) throws IOException {
        return Verdict.proceed();
    }

    /**
     * A transaction begins. The result is asked in its phases and closed at the end, whatever the end is.
     *
     * @throws IOException as in {@link #connect}
     */
    default Transaction begin(FilterContext context) throws IOException {
        return new Transaction() {
        };
    }

    /** The part of a filter that follows one transaction. */
    @ConsumerType
    interface Transaction extends AutoCloseable {

        /**
         * MAIL FROM was given; the envelope has no recipients yet.
         *
         * @throws IOException as in {@link Filter#connect}
         */
        default Verdict mail(Envelope envelope) throws IOException {
            return Verdict.proceed();
        }

        /**
         * RCPT TO was given and the recipient exists. {@link Verdict.Refuse} refuses this recipient only.
         *
         * @param envelope with the recipients accepted so far
         * @param recipient the one in question
         * @throws IOException as in {@link Filter#connect}
         */
        default Verdict rcpt(Envelope envelope, Recipient recipient) throws IOException {
            return Verdict.proceed();
        }

        /**
         * The message is complete and not yet accepted.
         *
         * @param message with the edits that earlier filters made
         * @throws IOException as in {@link Filter#connect}
         */
        default Verdict data(Envelope envelope, Message message) throws IOException {
            return Verdict.proceed();
        }

        /** The transaction is over, accepted or not. */
        @Override
        default void close() {}
    }
}
