package org.staffetta.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.dns.DnsException;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;

/** Gets one message from one of the servers, in time. */
final class Stub {

    // fits everywhere without fragments (DNS flag day 2020); more comes by TCP
    private static final int UDP_PAYLOAD = 1_232;

    private final Settings settings;
    private final Servers servers;
    // the index of the server that answered last
    private volatile int preferred;

    Stub(Settings settings) {
        this.settings = settings;
        this.servers = new Servers(settings.servers());
    }

    /**
     * A response and who gave it.
     *
     * @param message NOERROR or NXDOMAIN, whole
     * @param secure whether a trusted server says that it was validated
     */
    record Response(Message message, boolean secure) {}

    /**
     * Asks.
     *
     * @param deadline of {@link System#nanoTime()}
     * @throws DnsException if no server has an answer in time
     */
    Response ask(Question question, long deadline) throws DnsException {
        List<InetSocketAddress> all = servers.current();
        if (all.isEmpty()) {
            throw new DnsException("no DNS server is configured to be asked for " + question);
        }
        List<Integer> left = inOrder(all.size());
        String trouble = "no time was left";
        for (int round = 0; round <= settings.retries() && !left.isEmpty(); round++) {
            for (int index : List.copyOf(left)) {
                if (deadline - System.nanoTime() <= 0 || Thread.currentThread().isInterrupted()) {
                    break;
                }
                InetSocketAddress server = all.get(index);
                try {
                    Message message = exchange(question, server, deadline);
                    preferred = index;
                    return new Response(message, isSecure(message, server));
                } catch (RefusedException e) {
                    // to ask again would not help (RFC 9520 section 3.1)
                    left.remove(Integer.valueOf(index));
                    trouble = shown(server) + ": " + e.getMessage();
                } catch (IOException e) {
                    trouble = shown(server) + ": " + e.getMessage();
                }
            }
        }
        throw new DnsException("no answer for " + question + ": " + trouble);
    }

    private List<Integer> inOrder(int count) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            order.add((preferred + i) % count);
        }
        return order;
    }

    private Message exchange(Question question, InetSocketAddress server, long deadline) throws IOException {
        Message message = exchange(question, server, deadline, true);
        int rcode = message.getRcode();
        if (rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP || rcode == Rcode.BADVERS) {
            // a server from before EDNS (RFC 6891 section 7)
            message = exchange(question, server, deadline, false);
        }
        return checked(message);
    }

    private Message exchange(Question question, InetSocketAddress server, long deadline, boolean edns)
            throws IOException {
        long left = Math.min(deadline - System.nanoTime(), settings.timeout().toNanos());
        SimpleResolver resolver = new SimpleResolver(server);
        resolver.setTimeout(Duration.ofNanos(Math.max(left, 1_000_000)));
        resolver.setEDNS(edns ? 0 : -1, UDP_PAYLOAD, 0, List.of());
        Message query = Message.newQuery(Record.newRecord(question.name(), question.type(), DClass.IN));
        // asks to be told whether the answer was validated (RFC 6840 section 5.7)
        query.getHeader().setFlag(Flags.AD);
        CompletableFuture<Message> pending = resolver.sendAsync(query).toCompletableFuture();
        try {
            // UDP, and TCP after it
            return pending.get(Math.max(Math.min(deadline - System.nanoTime(), 2 * left), 1), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            pending.cancel(true);
            throw new IOException("no response in time", e);
        } catch (ExecutionException e) {
            throw new IOException("no usable response: " + reason(e.getCause()), e);
        } catch (InterruptedException e) {
            pending.cancel(true);
            Thread.currentThread().interrupt();
            throw new RefusedException("interrupted");
        }
    }

    private static String reason(@Nullable Throwable cause) {
        if (cause == null) {
            return "unknown";
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    /**
     * A response that is an answer.
     *
     * @throws IOException if it is none
     */
    static Message checked(Message message) throws IOException {
        int rcode = message.getRcode();
        // in a message of another kind, as an update, records may be without data
        boolean query = message.getHeader().getOpcode() == Opcode.QUERY;
        if (!query || !message.getHeader().getFlag(Flags.QR) || message.getHeader().getFlag(Flags.TC)) {
            throw new IOException("no usable response: not a whole answer");
        }
        if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
            throw new RefusedException(Rcode.string(rcode));
        }
        // a server that does not recurse knows only where else to ask: "nothing" from it means nothing
        if (!message.getHeader().getFlag(Flags.RA) && !message.getHeader().getFlag(Flags.AA)) {
            throw new RefusedException("the server does not recurse");
        }
        return message;
    }

    private boolean isSecure(Message message, InetSocketAddress server) {
        return message.getHeader().getFlag(Flags.AD) && settings.trusts(server.getAddress());
    }

    private static String shown(InetSocketAddress server) {
        return server.getAddress().getHostAddress() + "#" + server.getPort();
    }

    /** The server answered, and its answer is that it has none. */
    private static final class RefusedException extends IOException {

        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }
}
