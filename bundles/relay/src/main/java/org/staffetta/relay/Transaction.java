package org.staffetta.relay;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.staffetta.api.delivery.Attempt;
import org.staffetta.api.delivery.Outcome;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.mail.Reply;
import org.staffetta.smtp.client.Capabilities;
import org.staffetta.smtp.client.Protocol;
import org.staffetta.smtp.client.SmtpProtocolException;
import org.staffetta.smtp.client.UnreadableMessageException;
import org.staffetta.smtp.client.UnsendableMessageException;

/** Carries one message over one connection to as many recipients as the server takes: in one exchange, or in several if it limits them. */
final class Transaction {

    private final Attempt attempt;
    private final Peer peer;
    private final Protocol protocol;
    private final Way way;
    private final Map<Recipient, Outcome> outcomes = new LinkedHashMap<>();
    private boolean broken;
    private boolean messageSent;
    private boolean futile;

    Transaction(Attempt attempt, Peer peer, Protocol protocol, Way way) {
        this.attempt = attempt;
        this.peer = peer;
        this.protocol = protocol;
        this.way = way;
    }

    /** What became of each recipient. */
    Map<Recipient, Outcome> outcomes() {
        return outcomes;
    }

    /** Whether the connection died before any message was sent on it: if it was a used one, that says nothing of the server. */
    boolean isUnheard() {
        return broken && !messageSent;
    }

    /** Whether another server must not be tried now: the message may have been taken, or cannot be read. */
    boolean isFutile() {
        return futile;
    }

    /**
     * Does it.
     *
     * @throws InterruptedException if the thread was interrupted; the connection is closed
     */
    void run(List<Recipient> recipients) throws InterruptedException {
        Wording wording = new Wording(attempt.envelope(), attempt.message(), peer.connection().capabilities(),
                way.isProtected(peer.connection()));
        Deque<Recipient> left = new ArrayDeque<>();
        for (Recipient recipient : recipients) {
            wording.obstacle(recipient).ifPresentOrElse(reply -> conclude(recipient, reply), () -> left.add(recipient));
        }
        while (!left.isEmpty() && !broken && peer.allowsAnother()) {
            exchange(wording, left);
        }
        Reply noMore = Replies.own(452, "4.5.3", "the server takes no more recipients in this session");
        left.forEach(recipient -> concludeIfOpen(recipient, noMore));
    }

    private void exchange(Wording wording, Deque<Recipient> left) throws InterruptedException {
        List<Recipient> batch = batch(left);
        Exchange exchange = new Exchange(peer.connection(), protocol, wording, batch);
        boolean reset = peer.isUsed();
        peer.use();
        try {
            exchange.run(attempt.message(), reset);
            exchange.replies().forEach(this::conclude);
            left.addAll(overflow(exchange));
            messageSent |= exchange.isMessageSent();
            broken |= !peer.connection().isReusable();
        } catch (IOException e) {
            giveUp(exchange, e);
            batch.forEach(recipient -> concludeIfOpen(recipient, reply(e)));
            left.forEach(recipient -> concludeIfOpen(recipient, reply(e)));
            left.clear();
            requireNoInterrupt();
        }
    }

    private void giveUp(Exchange exchange, IOException e) {
        peer.connection().close();
        broken = true;
        messageSent |= exchange.isMessageSent();
        // no reply to the end of data: taken or not, nobody knows (RFC 5321 section 4.5.3.2.6)
        futile = exchange.isMessageSent() || e instanceof UnreadableMessageException;
        exchange.replies().forEach(this::conclude);
    }

    // Those that the server had no place for beside others; each round takes some, so there is an end.
    private static Collection<Recipient> overflow(Exchange exchange) {
        List<Recipient> tooMany = new ArrayList<>();
        if (exchange.tookAny() && exchange.isMessageSent()) {
            exchange.replies().forEach((recipient, reply) -> {
                if (Replies.isTooMany(reply)) {
                    tooMany.add(recipient);
                }
            });
        }
        return tooMany;
    }

    // as many as the server says it takes (RFC 9422)
    private List<Recipient> batch(Deque<Recipient> left) {
        Capabilities offered = peer.connection().capabilities();
        int most = offered.maxRecipients().orElse(Integer.MAX_VALUE);
        int mostDomains = offered.maxRecipientDomains().orElse(Integer.MAX_VALUE);
        List<Recipient> batch = new ArrayList<>();
        Set<String> domains = new HashSet<>();
        while (!left.isEmpty() && batch.size() < most) {
            domains.add(left.getFirst().address().domain());
            if (domains.size() > mostDomains) {
                break;
            }
            batch.add(left.removeFirst());
        }
        return batch;
    }

    private void conclude(Recipient recipient, Reply reply) {
        outcomes.put(recipient, outcome(reply));
    }

    private void concludeIfOpen(Recipient recipient, Reply reply) {
        outcomes.computeIfAbsent(recipient, r -> outcome(reply));
    }

    private Outcome outcome(Reply reply) {
        return Outcome.of(Replies.brief(reply), peer.target().remote());
    }

    private Reply reply(IOException e) {
        return switch (e) {
            case ServerLeavesException leaves -> leaves.reply();
            case UnsendableMessageException bad -> Replies.own(554, "5.6.0", bad);
            case UnreadableMessageException bad -> Replies.own(451, "4.3.0", bad);
            case SmtpProtocolException bad -> Replies.own(451, "4.5.0", bad);
            default -> Replies.own(451, "4.4.2", e);
        };
    }

    private static void requireNoInterrupt() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("the delivery was interrupted");
        }
    }
}
