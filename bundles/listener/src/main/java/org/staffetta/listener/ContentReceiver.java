package org.staffetta.listener;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.SpoolException;
import org.staffetta.smtp.Command;
import org.staffetta.smtp.ContentDecoder.Framing;

/** Reads what DATA and BDAT bring. */
final class ContentReceiver {

    private static final Logger LOG = LoggerFactory.getLogger(ContentReceiver.class);
    private static final Reply SEND_IT = new Reply(354, "", "End data with <CR><LF>.<CR><LF>");

    private final Connection connection;
    private final Reporter reporter;

    ContentReceiver(Connection connection, Reporter reporter) {
        this.connection = connection;
        this.reporter = reporter;
    }

    /** Begins a message in the transaction's spool. */
    Draft draft(Transaction transaction) throws RefusedException {
        Settings settings = transaction.settings();
        try {
            return transaction.spool().draft();
        } catch (SpoolException refused) {
            throw new RefusedException(refused.reply());
        } catch (RuntimeException | Error failure) {
            LOG.error("the spool {} failed to begin a message", settings.spool(), failure);
            reporter.alarm("the spool " + settings.spool() + " failed: " + failure);
            throw new RefusedException(new Reply(451, "4.3.0", "the message cannot be stored now"));
        }
    }

    /** DATA: asks for the content and reads all of it. */
    Answer data(SessionSnapshot session, Transaction transaction, Draft draft) throws IOException, RefusedException {
        try (Reception reception = Reception.into(draft, Framing.DOT, transaction.settings().limits())) {
            connection.say(SEND_IT);
            connection.expectContent(transaction.settings().times(), reception.began());
            while (!reception.decoder().ended() && !reception.isHopeless()) {
                orGone(connection.wire().feed(reception.decoder(), Long.MAX_VALUE));
            }
            return reception.isHopeless() ? hopeless(reception) : decide(session, transaction, reception);
        }
    }

    /**
     * BDAT: one chunk (RFC 3030 section 2). Its octets are read whatever happens, since the client sends them without waiting for our answer.
     */
    Answer chunk(SessionSnapshot session, Transaction transaction, Command.Bdat chunk)
            throws IOException, RefusedException {
        Reception reception = transaction.chunks().isPresent()
                ? transaction.chunks().get()
                : transaction.chunks(begin(transaction));
        requireInTime(reception, transaction.settings().times());
        connection.expectContent(transaction.settings().times(), reception.began());
        if (chunk.size() > 2 * transaction.settings().limits().messageSize()) {
            return Answer.last(tooLarge(transaction));
        }
        long left = chunk.size();
        while (left > 0 && !reception.isHopeless()) {
            left -= orGone(connection.wire().feed(reception.decoder(), left));
        }
        if (chunk.last()) {
            reception.finish();
        }
        if (reception.isHopeless()) {
            return hopeless(reception);
        }
        if (chunk.last()) {
            return decide(session, transaction, reception);
        }
        return Answer
                .of(reception.problem().orElseGet(() -> new Reply(250, "2.0.0", chunk.size() + " octets received")));
    }

    /** Throws away a chunk that was not asked for. False if it is larger than we are willing to read. */
    boolean swallow(Command.Bdat chunk, Settings settings) throws IOException {
        if (chunk.size() > 2 * settings.limits().messageSize()) {
            return false;
        }
        connection.expectContent(settings.times(), System.nanoTime());
        long left = chunk.size();
        while (left > 0) {
            left -= orGone(connection.wire().skip(left));
        }
        return true;
    }

    private Answer decide(SessionSnapshot session, Transaction transaction, Reception reception)
            throws IOException, RefusedException {
        reception.finish();
        return Answer.of(new Acceptance(session, transaction, reception, reporter).decide());
    }

    // chunks that arrive together with their commands need no reading that could time out
    private static void requireInTime(Reception reception, Settings.Times times) throws SocketTimeoutException {
        if (System.nanoTime() - reception.began() > times.dataTotal().toNanos()) {
            throw new SocketTimeoutException("the chunks take too long");
        }
    }

    private static Answer hopeless(Reception reception) {
        return Answer.last(reception.problem().orElseThrow());
    }

    private static Reply tooLarge(Transaction transaction) {
        return new Reply(552, "5.3.4",
                "a message may have " + transaction.settings().limits().messageSize() + " octets");
    }

    // a failure must not leave the chunk's octets in the stream, so it becomes the problem of the reception
    private Reception begin(Transaction transaction) {
        Settings.Limits limits = transaction.settings().limits();
        try {
            return Reception.into(draft(transaction), Framing.COUNT, limits);
        } catch (RefusedException refused) {
            return Reception.refused(refused.reply(), Framing.COUNT, limits);
        }
    }

    private static int orGone(int count) throws EOFException {
        if (count < 0) {
            throw new EOFException("the client went away in the middle of a message");
        }
        return count;
    }
}
