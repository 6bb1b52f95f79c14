package org.staffetta.listener;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.event.MailEvent.Kind;
import org.staffetta.api.filter.Chain;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.net.Ports;
import org.staffetta.api.session.Sessions;
import org.staffetta.smtp.ReplyWriter;

/** One listener at work: its address, its sessions, its settings of now. */
final class SmtpServer implements Sessions, Acceptor.Host {

    private static final Logger LOG = LoggerFactory.getLogger(SmtpServer.class);
    // Begins with the clock, so that no id of an earlier run is used again.
    private static final AtomicLong IDS = new AtomicLong(System.currentTimeMillis() << 10);
    private static final int ID_RADIX = 36;
    private static final long CLOSING_LOOK_MILLIS = 20;

    private final Parts parts;
    private final Ports ports;
    private final InstantSource clock;
    private final Admission admission = new Admission();
    private final Map<String, SmtpSession> sessions = new ConcurrentHashMap<>();
    private final Watchdog watchdog;
    private volatile Settings settings;
    private volatile String address = "";
    private volatile boolean closing;
    private Acceptor acceptor;

    /** Starts to listen; whether that worked at once is to be seen from {@link #address}. */
    SmtpServer(Settings settings, Parts parts, Ports ports, InstantSource clock) {
        this.settings = settings;
        this.parts = parts;
        this.ports = ports;
        this.clock = clock;
        this.watchdog = new Watchdog(settings.name(), now -> sessions.values().forEach(session -> session.watch(now)));
        this.acceptor = accept(settings);
    }

    /** New settings: for sessions from now on, and for those that run, from their next transaction on. */
    synchronized void modify(Settings changed) {
        Settings old = settings;
        settings = changed;
        if (!old.address().equals(changed.address()) || old.port() != changed.port()) {
            // the old one first: the two addresses may overlap. Connections that were accepted are not touched
            acceptor.abandon();
            acceptor = accept(changed);
        }
    }

    /** Stops to listen, and has the sessions end. Connections that come in wait for who follows on this port. Does not wait. */
    void leave() {
        end(Acceptor::leave);
    }

    /** The same for good: connections are refused from now on. */
    void abandon() {
        end(Acceptor::abandon);
    }

    private synchronized void end(Consumer<Acceptor> way) {
        way.accept(acceptor);
        address = "";
        boolean followed = acceptor.isFollowed();
        parts.await(Thread.ofPlatform().daemon().name("listener " + settings.name() + " drain")
                .start(() -> drain(followed)));
    }

    /**
     * Sees the sessions off. A server may close a connection after a QUIT, or after 421 (RFC 5321 section 3.8). So if another has taken
     * over they go on here until their clients are done, for a while; only then they are told to go, as they are at once if nobody
     * serves them otherwise. A transaction that has begun may end, for a while; then what is left is cut.
     */
    private void drain(boolean followed) {
        if (followed) {
            awaitEnd(settings.times().drain());
        }
        closing = true;
        sessions.values().forEach(session -> Thread.ofVirtual().start(session::dismiss));
        awaitEnd(settings.times().drain());
        sessions.values().forEach(SmtpSession::cut);
        watchdog.close();
    }

    @Override
    public String listener() {
        return settings.name();
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public Map<String, Map<String, Long>> logins() {
        return parts.logins().of(settings.name()).read();
    }

    @Override
    public List<Active> active() {
        return sessions.values().stream()
                .sorted(Comparator.comparing(SmtpSession::since).thenComparing(session -> session.session().id()))
                .map(Active.class::cast).toList();
    }

    /** The filters as they would be asked now. */
    List<Chain.Link> links() {
        Settings now = settings;
        return new ChainView(now.name(), now.filters(), parts.policies(), parts).links();
    }

    @Override
    public void bound(InetSocketAddress bound) {
        InetAddress host = bound.getAddress();
        String text = host instanceof Inet6Address ? "[" + host.getHostAddress() + "]" : host.getHostAddress();
        address = text + ":" + bound.getPort();
        LOG.info("listener {} ready on {}", settings.name(), address);
    }

    @Override
    public void trouble(String what) {
        new Reporter(parts, clock, "").alarm("listener " + settings.name() + " " + what);
    }

    @Override
    public void accepted(Socket socket) throws IOException {
        Settings now = settings;
        InetAddress client = socket.getInetAddress();
        // without it each small answer would wait for the client's acknowledgement of the one before
        socket.setTcpNoDelay(true);
        Optional<Reply> refusal = admission.enter(client, now);
        if (refusal.isPresent()) {
            turnAway(socket, refusal.get());
            return;
        }
        boolean started = false;
        try {
            start(socket, now);
            started = true;
        } finally {
            if (!started) {
                admission.leave(client);
            }
        }
    }

    private Acceptor accept(Settings to) {
        Acceptor started = new Acceptor(ports, to.name(), to.address(), to.port(), this);
        started.start();
        return started;
    }

    private void start(Socket socket, Settings now) throws IOException {
        String id = Long.toString(IDS.incrementAndGet(), ID_RADIX).toUpperCase(Locale.ROOT);
        SessionSnapshot client = new SessionSnapshot(id, now.name(),
                (InetSocketAddress) socket.getRemoteSocketAddress(),
                (InetSocketAddress) socket.getLocalSocketAddress(), "", false,
                now.trusted().contain(socket.getInetAddress()), Optional.empty(), "");
        SmtpSession session = new SmtpSession(socket, client, () -> settings, new Reporter(parts, clock, id));
        sessions.put(id, session);
        boolean started = false;
        try {
            Thread.ofVirtual().name("listener " + now.name() + " session " + id)
                    .start(() -> carry(id, session, client));
            started = true;
        } finally {
            if (!started) {
                sessions.remove(id);
            }
        }
        if (closing) {
            // it came in while those before it were told to go
            session.dismiss();
        }
    }

    private void carry(String id, SmtpSession session, SessionSnapshot client) {
        try {
            session.run();
        } finally {
            sessions.remove(id);
            admission.leave(client.client().getAddress());
        }
    }

    // on the accepting thread: a few octets into the empty buffer of a new socket do not block
    private void turnAway(Socket socket, Reply reply) throws IOException {
        try (socket) {
            socket.getOutputStream().write(ReplyWriter.encode(reply));
            new Reporter(parts, clock, "").report(Kind.REFUSED, "", "stage", "CONNECT", "reply", reply.toString(),
                    "client",
                    socket.getInetAddress().getHostAddress());
        }
    }

    private void awaitEnd(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (!sessions.isEmpty() && System.nanoTime() < end) {
                Thread.sleep(CLOSING_LOOK_MILLIS);
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
