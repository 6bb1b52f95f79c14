package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Clients that send one message again and again, each on one connection, pipelined (RFC 2920), as fast as they are answered. */
final class CostLoad implements AutoCloseable {

    static final int CLIENTS = 8;

    private final byte[] envelope;
    private final byte[] content;
    private final List<Client> clients = new ArrayList<>();

    /** @param opening commands that come before the first message, each answered by 2yz */
    CostLoad(int port, List<String> opening, String recipient, byte[] content) throws IOException {
        this.content = content;
        this.envelope = ("MAIL FROM:<alice@" + CostMail.DOMAIN + ">\r\nRCPT TO:<" + recipient + ">\r\nDATA\r\n")
                .getBytes(US_ASCII);
        for (int i = 0; i < CLIENTS; i++) {
            Client client = new Client(port);
            clients.add(client);
            for (String command : opening) {
                require("2", client.say(command));
            }
        }
    }

    /** Sends for so long; how many messages were taken. Whatever is not taken ends it. */
    int during(Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        int messages = 0;
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            List<Future<Integer>> each = new ArrayList<>();
            for (Client client : clients) {
                each.add(threads.submit(() -> sendUntil(client, end)));
            }
            for (Future<Integer> one : each) {
                messages += one.get();
            }
        }
        return messages;
    }

    private int sendUntil(Client client, long end) throws IOException {
        int messages = 0;
        while (System.nanoTime() < end) {
            send(client);
            messages++;
        }
        return messages;
    }

    /** One message. */
    void send() throws IOException {
        send(clients.getFirst());
    }

    private void send(Client client) throws IOException {
        client.write(envelope);
        require("250", client.reply());
        require("250", client.reply());
        require("354", client.reply());
        client.write(content);
        require("250", client.reply());
    }

    private static void require(String wanted, String reply) throws IOException {
        if (!reply.startsWith(wanted)) {
            throw new IOException("instead of " + wanted + ": " + reply);
        }
    }

    @Override
    public void close() throws IOException {
        for (Client client : clients) {
            client.close();
        }
    }
}
