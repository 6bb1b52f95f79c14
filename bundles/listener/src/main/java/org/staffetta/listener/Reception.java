package org.staffetta.listener;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.SpoolException;
import org.staffetta.smtp.ContentDecoder;
import org.staffetta.smtp.Fault;
import org.staffetta.smtp.MessageSplitter;

/**
 * A message that is coming in: from the decoder through the splitter into a draft of the spool. Once there is a problem, the rest is
 * read and thrown away, since a client does not listen before it has said all.
 */
final class Reception implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);

    private final Settings.Limits limits;
    private final Optional<Draft> draft;
    private final OutputStream body;
    private final ContentDecoder decoder;
    private final MessageSplitter splitter;
    private final long began = System.nanoTime();
    private Optional<Reply> spoolProblem;

    private Reception(ContentDecoder.Framing framing, Settings.Limits limits, Optional<Draft> draft,
            Optional<Reply> problem) {
        this.limits = limits;
        this.draft = draft;
        this.spoolProblem = problem;
        this.body = draft.map(Draft::body).orElseGet(OutputStream::nullOutputStream);
        this.splitter = new MessageSplitter(limits.headerSize(), limits.headerFields(), new Body());
        this.decoder = new ContentDecoder(framing, limits.dataLine(), splitter);
    }

    /** Begins to fill a draft. */
    static Reception into(Draft draft, ContentDecoder.Framing framing, Settings.Limits limits) {
        return new Reception(framing, limits, Optional.of(draft), Optional.empty());
    }

    /** Reads a message that is refused already. */
    static Reception refused(Reply problem, ContentDecoder.Framing framing, Settings.Limits limits) {
        return new Reception(framing, limits, Optional.empty(), Optional.of(problem));
    }

    ContentDecoder decoder() {
        return decoder;
    }

    /** By {@link System#nanoTime}. */
    long began() {
        return began;
    }

    /** Whether this can never become a message, and going on to read it is a waste that a stranger must not be able to command. */
    boolean isHopeless() {
        return decoder.fault().isPresent() || decoder.size() > 2 * limits.messageSize();
    }

    /** The content has ended. */
    void finish() throws IOException {
        if (!decoder.ended() && decoder.fault().isEmpty()) {
            decoder.finish();
        }
        // content with a fault was passed on in part only, and that part may end in the middle of a header field
        if (decoder.fault().isEmpty()) {
            splitter.finish();
        }
    }

    /** Why this will not be accepted, as far as is known. */
    Optional<Reply> problem() {
        if (decoder.fault().isPresent()) {
            return decoder.fault().map(Reception::reply);
        }
        if (spoolProblem.isPresent()) {
            return spoolProblem;
        }
        if (decoder.size() > limits.messageSize()) {
            return Optional
                    .of(new Reply(552, "5.3.4", "the message is larger than " + limits.messageSize() + " octets"));
        }
        if (decoder.lineTooLong()) {
            return Optional.of(new Reply(554, "5.6.0", "a line is longer than " + limits.dataLine() + " octets"));
        }
        return splitter.problem();
    }

    List<Header> headers() {
        return splitter.headers();
    }

    /** Octets of content. */
    long size() {
        return decoder.size();
    }

    /** Where the message is; only to be asked when there is no {@link #problem}. */
    Draft draft() {
        return draft.orElseThrow();
    }

    @Override
    public void close() {
        try {
            draft.ifPresent(Draft::close);
        } catch (RuntimeException | Error failure) {
            // what was decided about the message stays decided
            LOG.warn("the spool failed to forget a draft", failure);
        }
    }

    /** The line ends of this message are not what they seem: somebody else might see two messages (RFC 5321 section 2.3.8). */
    private static Reply reply(Fault fault) {
        return new Reply(550, "5.6.11", "there is " + fault.description() + " in the message; a line ends in CR LF");
    }

    /** Takes the body to the draft as long as it can become a message; what the spool throws is kept for the reply. */
    private final class Body extends OutputStream {

        @Override
        public void write(int octet) {
            write(new byte[]{(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) {
            if (problem().isPresent()) {
                return;
            }
            try {
                body.write(octets, offset, length);
            } catch (SpoolException refused) {
                spoolProblem = Optional.of(refused.reply());
            } catch (IOException | RuntimeException | Error failure) {
                LOG.warn("the spool failed to take a message", failure);
                spoolProblem = Optional.of(new Reply(451, "4.3.0", "the message cannot be stored now"));
            }
        }
    }
}
