package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.staffetta.itests.SwapLedger.Sent;

/**
 * Mails that a filter does not let go while it is replaced: when {@code plugins.drain.timeout} is over, their clients are told to come back, and then they go
 * through. Counted apart from all others, to which nothing of this may happen.
 */
final class SwapOverrun {

    private static final int CLIENTS = 4;

    private final int port;
    private final SwapLedger arrivals;
    private final SwapLedger own = new SwapLedger();
    private final List<Thread> clients = new ArrayList<>();
    private final CountDownLatch sent = new CountDownLatch(CLIENTS);

    /**
     * @param port of a listener that has the slow filter
     * @param arrivals where it is noted what has arrived
     */
    SwapOverrun(int port, SwapLedger arrivals) {
        this.port = port;
        this.arrivals = arrivals;
    }

    /** Sends; returns when the filter has all of them. */
    void begin() throws InterruptedException {
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(Thread.ofVirtual().start(this::send));
        }
        sent.await();
    }

    /** Waits until all have got through. */
    void end() throws InterruptedException {
        for (Thread client : clients) {
            client.join();
        }
    }

    /** One line about it. */
    String summary() {
        return String.format(Locale.ROOT,
                "%d messages held by a filter beyond the drain's time-out while it was replaced: %s.",
                CLIENTS,
                own.sent().stream().map(Sent::reply).sorted().map(String::valueOf).collect(Collectors.joining(", ")));
    }

    /** Each was told 451 once, was accepted then, and came once. */
    void judge() {
        assertThat(own.troubles()).as("connections").isEmpty();
        assertThat(own.sent()).extracting(Sent::reply).as("replies").hasSize(2 * CLIENTS).containsOnly(451, 250);
        assertThat(own.sent()).as("copies").allMatch(message -> arrivals.copies(message.key()) == 1);
    }

    private void send() {
        long start = System.nanoTime();
        try (Client client = new Client(port)) {
            client.say("EHLO overrun.test");
            String key = "overrun-" + own.newKey();
            int reply = 0;
            while (reply != 250) {
                reply = send(client, key);
                own.sent(new Sent(key, start, System.nanoTime(), reply));
            }
            client.say("QUIT");
        } catch (IOException trouble) {
            own.trouble(SwapLedger.Trouble.of(trouble, start));
        } finally {
            sent.countDown();
        }
    }

    private int send(Client client, String key) throws IOException {
        client.say("MAIL FROM:<sender@elsewhere.test>");
        client.say("RCPT TO:<alice@demo.test>");
        client.say("DATA");
        client.write(("X-Ledger: " + key + "\r\nFrom: sender@elsewhere.test\r\nSubject: slow\r\n\r\nx\r\n.\r\n")
                .getBytes(US_ASCII));
        sent.countDown();
        return Integer.parseInt(client.reply().substring(0, 3));
    }
}
