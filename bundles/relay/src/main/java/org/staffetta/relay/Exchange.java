package org.staffetta.relay;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.mail.Reply;
import org.staffetta.smtp.client.Command;
import org.staffetta.smtp.client.Protocol;
import org.staffetta.smtp.client.SmtpConnection;
import org.staffetta.smtp.client.SmtpProtocolException;
import org.staffetta.smtp.client.UnreadableMessageException;

/**
 * One mail transaction: MAIL, RCPT for each recipient, DATA, the message. With PIPELINING all commands go out together (RFC 2920), and what the
 * replies mean is found out as they come in.
 */
final class Exchange {

    // more commands without a reply could fill the buffers of both ends until nobody reads (RFC 2920 section 3.1)
    private static final int WINDOW = 50;

    private final SmtpConnection connection;
    private final Protocol protocol;
    private final Wording wording;
    private final List<Recipient> recipients;
    private final Map<Recipient, Reply> replies = new LinkedHashMap<>();
    private final List<Recipient> accepted = new ArrayList<>();
    private final Deque<Consumer<Reply>> handlers = new ArrayDeque<>();
    private @Nullable Reply refusal;
    private @Nullable Reply start;
    private boolean messageSent;
    private boolean resetRefused;

    Exchange(SmtpConnection connection, Protocol protocol, Wording wording, List<Recipient> recipients) {
        this.connection = connection;
        this.protocol = protocol;
        this.wording = wording;
        this.recipients = recipients;
    }

    /** What was said of each recipient so far; all of them, if {@link #run} returned. */
    Map<Recipient, Reply> replies() {
        return replies;
    }

    /** Whether the server took a recipient, whatever became of the message then. */
    boolean tookAny() {
        return !accepted.isEmpty();
    }

    /** Whether the message and its end are on their way: what has no reply now may have been taken nevertheless. */
    boolean isMessageSent() {
        return messageSent;
    }

    /**
     * Runs the transaction.
     *
     * @param reset whether to begin with RSET
     * @throws IOException if it breaks off
     */
    void run(Message message, boolean reset) throws IOException {
        if (reset) {
            step(Command.RSET, reply -> resetRefused = !reply.isPositive());
        }
        step(wording.mail(recipients), this::onMail);
        for (Recipient recipient : recipients) {
            if (refusal != null) {
                break;
            }
            step(wording.recipient(recipient), reply -> onRecipient(recipient, reply));
        }
        if (refusal == null && (!accepted.isEmpty() || !handlers.isEmpty())) {
            step(Command.DATA, reply -> start = reply);
        }
        drain();
        recipients.forEach(recipient -> refuse(recipient, refusal));
        conclude(message, start);
    }

    private void conclude(Message message, @Nullable Reply data) throws IOException {
        if (data == null) {
            return;
        }
        if (!data.isPositive()) {
            accepted.forEach(recipient -> refuse(recipient, data));
        } else if (!accepted.isEmpty()) {
            send(message);
        } else if (protocol == Protocol.LMTP) {
            // nobody knows how many replies would come
            connection.close();
        } else {
            // the server wants a message, but nobody is to get it (RFC 2920 section 3.1)
            connection.message(InputStream.nullInputStream(), 1);
            connection.reply();
        }
    }

    private void send(Message message) throws IOException {
        int expected = protocol == Protocol.LMTP ? accepted.size() : 1;
        InputStream stream = open(message);
        try {
            connection.message(stream, expected);
            messageSent = true;
        } finally {
            closeQuietly(stream);
        }
        if (protocol == Protocol.SMTP) {
            Reply reply = connection.reply();
            accepted.forEach(recipient -> replies.put(recipient, reply));
            return;
        }
        // one reply for each that was accepted, in the order of RCPT (RFC 2033 section 4.2)
        for (Recipient recipient : accepted) {
            replies.put(recipient, connection.reply());
        }
    }

    private static InputStream open(Message message) throws UnreadableMessageException {
        try {
            return message.open();
        } catch (IOException e) {
            throw new UnreadableMessageException(e);
        }
    }

    // all of it was read: how it closes must not hide what the server says
    private static void closeQuietly(InputStream stream) {
        try {
            stream.close();
        } catch (IOException ignored) {
            // nothing depends on it
        }
    }

    private void onMail(Reply reply) {
        if (!reply.isPositive()) {
            refusal = reply;
        }
    }

    private void onRecipient(Recipient recipient, Reply reply) {
        if (refusal != null) {
            // "503 need MAIL first" says nothing of the recipient
            return;
        }
        if (reply.isPositive()) {
            accepted.add(recipient);
        } else {
            replies.put(recipient, Replies.toRecipient(reply));
        }
    }

    private void refuse(Recipient recipient, @Nullable Reply reply) {
        if (reply != null) {
            replies.put(recipient, reply);
        }
    }

    private void step(Command command, Consumer<Reply> handler) throws IOException {
        connection.send(command);
        handlers.add(handler);
        if (!connection.capabilities().pipelining() || handlers.size() == WINDOW) {
            drain();
        }
    }

    private void drain() throws IOException {
        while (!handlers.isEmpty()) {
            Reply reply = connection.reply();
            if (reply.code() == 421) {
                throw new ServerLeavesException(reply);
            }
            handlers.remove().accept(reply);
            if (resetRefused) {
                throw new SmtpProtocolException("the server refused RSET: " + reply);
            }
        }
    }
}
