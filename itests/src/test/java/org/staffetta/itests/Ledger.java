package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Clients that send as fast as they can and note, on their side, what the server has taken responsibility for. What they noted before a
 * crash must be in the mailboxes after it.
 */
final class Ledger {

    private static final Pattern KEY = Pattern.compile("(?m)^X-Ledger: (\\S+)");

    private final List<String> recipients;
    private final Set<String> answered250 = ConcurrentHashMap.newKeySet();
    private final AtomicInteger sent = new AtomicInteger();
    private final List<String> refusals = new CopyOnWriteArrayList<>();
    private final AtomicInteger cut = new AtomicInteger();
    private final AtomicLong longest = new AtomicLong();

    /** Of mail to Alice. */
    Ledger() {
        this(List.of("alice@demo.test"));
    }

    /** Of mail to these in turn. */
    Ledger(List<String> recipients) {
        this.recipients = List.copyOf(recipients);
    }

    /** Messages that were answered 250. */
    int accepted() {
        return answered250.size();
    }

    /** Replies to messages or recipients that were not 250. */
    int refused() {
        return refusals.size();
    }

    /** These replies. */
    List<String> refusals() {
        return List.copyOf(refusals);
    }

    /** Connections that the server ended. */
    int cut() {
        return cut.get();
    }

    /** The longest time that one message took. */
    Duration longest() {
        return Duration.ofNanos(longest.get());
    }

    /** Sends over some connections at once until the limit is reached, the supplier says stop, or the server is gone. */
    void send(int port, int connections, int messages, int octets, BooleanSupplier stop) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(connections);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < connections; i++) {
                threads.execute(() -> {
                    sendUntil(port, messages, octets, stop);
                    done.countDown();
                });
            }
            done.await();
        }
    }

    /** Copies of each noted message among the files; a noted message that is missing has zero. */
    Map<String, Integer> copies(List<Path> files) throws IOException {
        List<String> texts = new ArrayList<>();
        for (Path file : files) {
            texts.add(Files.readString(file, ISO_8859_1));
        }
        return copiesIn(texts);
    }

    /** As above, among these messages. */
    Map<String, Integer> copiesIn(List<String> messages) {
        Map<String, Integer> copies = new TreeMap<>();
        answered250.forEach(key -> copies.put(key, 0));
        messages.forEach(message -> copies.merge(key(message), 1, Integer::sum));
        return copies;
    }

    private static String key(String message) {
        Matcher matcher = KEY.matcher(message);
        if (!matcher.find()) {
            throw new AssertionError("this message is not of this ledger: " + message);
        }
        return matcher.group(1);
    }

    private void sendUntil(int port, int messages, int octets, BooleanSupplier stop) {
        String body = "x".repeat(70).concat("\r\n").repeat(Math.max(1, octets / 72));
        try (Client client = new Client(port)) {
            client.say("EHLO ledger.test");
            for (int n = sent.incrementAndGet(); n <= messages && !stop.getAsBoolean(); n = sent.incrementAndGet()) {
                String key = "m" + n;
                long start = System.nanoTime();
                String reply = client.send("sender@elsewhere.test", recipients.get(n % recipients.size()),
                        "From: sender@elsewhere.test\r\nX-Ledger: " + key + "\r\nSubject: " + key + "\r\n\r\n" + body);
                longest.accumulateAndGet(System.nanoTime() - start, Math::max);
                if (reply.startsWith("250")) {
                    answered250.add(key);
                } else {
                    refusals.add(reply);
                }
            }
        } catch (IOException gone) {
            // where the server was killed, that is what the ledger is for
            cut.incrementAndGet();
        }
    }
}
