package org.staffetta.itests;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.staffetta.itests.SwapLedger.Sent;
import org.staffetta.itests.SwapLedger.Trouble;

/**
 * Clients that keep sending as fast as they can, as mail servers do: one, three, or ten messages on a connection, then QUIT and the next connection.
 * What is refused for now is sent again. One client takes its time between messages.
 *
 * <p>Half of the messages go to a mailbox, half to the next server. So that the last of them arrives some time, the clients hold back
 * while very many are under way; that time counts as nobody's.
 */
final class SwapLoad {

    private static final int CLIENTS = 8;
    private static final int[] MESSAGES_OF_A_CONNECTION = {1, 3, 10};
    private static final int MANY = 5_000;
    private static final Duration PAUSE_OF_THE_SLOW = Duration.ofMillis(500);
    private static final Duration BEFORE_AGAIN = Duration.ofMillis(100);
    private static final String BODY = ("x".repeat(70) + "\r\n").repeat(14);
    private static final List<String> RECIPIENTS = List.of("alice@demo.test", "carol@next.test", "bob@demo.test",
            "dave@next.test");

    private final int port;
    private final SwapLedger ledger;
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean stopped;

    SwapLoad(int port, SwapLedger ledger) {
        this.port = port;
        this.ledger = ledger;
        for (int i = 0; i <= CLIENTS; i++) {
            Duration pause = i < CLIENTS ? Duration.ZERO : PAUSE_OF_THE_SLOW;
            clients.add(Thread.ofVirtual().start(() -> sendOn(pause)));
        }
    }

    /** Lets each client bring its connection to an end. */
    void stop() throws InterruptedException {
        stopped = true;
        for (Thread client : clients) {
            client.join();
        }
    }

    private void sendOn(Duration pause) {
        try {
            for (int connection = 0; !stopped; connection++) {
                holdBack();
                connect(MESSAGES_OF_A_CONNECTION[connection % MESSAGES_OF_A_CONNECTION.length], pause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void holdBack() throws InterruptedException {
        while (ledger.underWay() > MANY && !stopped) {
            Thread.sleep(BEFORE_AGAIN);
        }
    }

    private void connect(int messages, Duration pause) throws InterruptedException {
        long start = System.nanoTime();
        try (Client client = new Client(port)) {
            requireWelcome(client.greeting());
            requireWelcome(client.say("EHLO load.test"));
            long first = start;
            for (int i = 0; i < messages && !stopped; i++) {
                send(client, first);
                Thread.sleep(pause);
                first = System.nanoTime();
            }
            client.say("QUIT");
        } catch (IOException trouble) {
            ledger.trouble(Trouble.of(trouble, start));
            Thread.sleep(BEFORE_AGAIN);
        }
    }

    private void send(Client client, long began) throws IOException, InterruptedException {
        String key = ledger.newKey();
        String recipient = RECIPIENTS.get(Math.floorMod(key.hashCode(), RECIPIENTS.size()));
        String content = "X-Ledger: " + key + "\r\nFrom: sender@elsewhere.test\r\nSubject: lunch\r\n\r\n" + BODY;
        int code = 0;
        long start = began;
        while (code != 250) {
            String reply = client.send("sender@elsewhere.test", recipient, content);
            if (reply.isEmpty()) {
                throw new IOException("the server closed instead of a reply to " + key);
            }
            code = Integer.parseInt(reply.substring(0, 3));
            ledger.sent(new Sent(key, start, System.nanoTime(), code));
            if (code == 421) {
                throw new IOException(reply);
            }
            if (code != 250) {
                Thread.sleep(BEFORE_AGAIN);
                client.say("RSET");
                start = System.nanoTime();
            }
        }
    }

    private static void requireWelcome(String reply) throws IOException {
        if (!reply.startsWith("2")) {
            throw new IOException("instead of a welcome: " + reply);
        }
    }
}
