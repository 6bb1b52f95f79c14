package org.staffetta.itests;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Clients that send one message after the other, each on its connection, and how long the messages took. */
record Traffic(Duration time, List<Long> nanos) {

    /** Sends for so long. All messages must be accepted. */
    static Traffic during(Duration time, int clients, int port) throws InterruptedException, ExecutionException {
        List<Long> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Long>>> each = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                each.add(threads.submit(() -> send(time, port)));
            }
            for (Future<List<Long>> one : each) {
                all.addAll(one.get());
            }
        }
        Collections.sort(all);
        return new Traffic(time, all);
    }

    double perSecond() {
        return nanos.size() * 1e9 / time.toNanos();
    }

    /** The time within which that share of messages was answered, in milliseconds. */
    double percentile(double share) {
        return nanos.get((int) Math.min(nanos.size() - 1L, Math.round(nanos.size() * share))) / 1e6;
    }

    private static List<Long> send(Duration time, int port) throws IOException {
        List<Long> nanos = new ArrayList<>();
        long end = System.nanoTime() + time.toNanos();
        try (Client client = new Client(port)) {
            client.say("EHLO me.test");
            for (long start = System.nanoTime(); start < end; start = System.nanoTime()) {
                String reply = client.send("someone@elsewhere.test", "alice@demo.test", "Subject: x\r\n\r\nx");
                if (!reply.startsWith("250")) {
                    throw new IOException(reply);
                }
                nanos.add(System.nanoTime() - start);
            }
        }
        return nanos;
    }
}
