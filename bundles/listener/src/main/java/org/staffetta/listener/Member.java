package org.staffetta.listener;

import java.util.List;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Draft;

/** One filter's part in one transaction, or in a phase before it. */
sealed interface Member permits Step, Shadow {

    /** The phase connect, or helo. */
    void session(Phase phase) throws RefusedException;

    /** The transaction begins. */
    void begin() throws RefusedException;

    void mail(Envelope envelope) throws RefusedException;

    void rcpt(Envelope envelope, Recipient recipient) throws RefusedException;

    /**
     * The message is there.
     *
     * @param headers as edited so far
     * @return the header fields that come of it
     */
    List<Header> data(Envelope envelope, Draft draft, List<Header> headers) throws RefusedException;
}
