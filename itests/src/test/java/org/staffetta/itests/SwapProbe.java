package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A client that begins one transaction after the other and gives each up when its first octets were taken: MAIL, RCPT, BDAT, RSET. It needs all that
 * a message needs, listener, router, filters and spool, but waits for no disk, and so finds a pause where clients that send would find the
 * time that a disk takes.
 */
final class SwapProbe {

    private static final Duration REST = Duration.ofMillis(2);
    private static final int TRANSACTIONS_OF_A_CONNECTION = 20;
    private static final List<String> COMMANDS = List.of("MAIL FROM:<probe@elsewhere.test>", "RCPT TO:<bob@demo.test>",
            "BDAT 12\r\nSubject: x\r\n", "RSET");

    /** How long one reply took. */
    record Wait(long start, long end) {

        long nanos() {
            return end - start;
        }
    }

    private final int port;
    private final SwapLedger ledger;
    private final Queue<Wait> waits = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean stopped;

    SwapProbe(int port, SwapLedger ledger) {
        this.port = port;
        this.ledger = ledger;
        // no virtual one: it would wait for its turn among the clients that send, and that is no pause of the server's
        thread = Thread.ofPlatform().name("probe").start(this::run);
    }

    void stop() throws InterruptedException {
        stopped = true;
        thread.join();
    }

    /**
     * When two probes waited at the same time, one after the other. Whatever stops the server stops both; what stops one of them alone is the turn that
     * it waits for on a processor, among clients and server.
     */
    static List<Wait> common(SwapProbe one, SwapProbe other) {
        List<Wait> first = List.copyOf(one.waits);
        List<Wait> second = List.copyOf(other.waits);
        List<Wait> common = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < first.size() && j < second.size()) {
            long start = Math.max(first.get(i).start(), second.get(j).start());
            long end = Math.min(first.get(i).end(), second.get(j).end());
            if (start < end) {
                common.add(new Wait(start, end));
            }
            if (first.get(i).end() < second.get(j).end()) {
                i++;
            } else {
                j++;
            }
        }
        return common;
    }

    private void run() {
        try {
            while (!stopped) {
                connect();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void connect() throws InterruptedException {
        long start = System.nanoTime();
        try (Client client = new Client(port)) {
            note(start, client.greeting());
            ask(client, "EHLO probe.test");
            for (int i = 0; i < TRANSACTIONS_OF_A_CONNECTION && !stopped; i++) {
                for (String command : COMMANDS) {
                    ask(client, command);
                }
                Thread.sleep(REST);
            }
            client.say("QUIT");
        } catch (IOException trouble) {
            ledger.trouble(SwapLedger.Trouble.of(trouble, start));
            Thread.sleep(REST);
        }
    }

    private void ask(Client client, String command) throws IOException {
        long start = System.nanoTime();
        client.write((command.startsWith("BDAT") ? command : command + "\r\n").getBytes(US_ASCII));
        note(start, client.reply());
    }

    private void note(long start, String reply) throws IOException {
        long end = System.nanoTime();
        waits.add(new Wait(start, end));
        if (!reply.startsWith("2")) {
            throw new IOException("to a probe: " + reply);
        }
    }
}
