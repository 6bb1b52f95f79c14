package org.staffetta.itests;

import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What clients sent and were told, and what has arrived, with the time of each by {@link System#nanoTime}. */
final class SwapLedger {

    private static final Pattern KEY = Pattern.compile("(?m)^X-Ledger: (\\S+)");

    /**
     * One message, and the client's time with it.
     *
     * @param start when the client began with it: to connect, if it was the first of a connection, else to say MAIL
     * @param end when the last reply to it was there
     * @param reply the code of that reply
     */
    record Sent(String key, long start, long end, int reply) {}

    /** What must not happen to a client's connection. */
    enum Mishap {
        /** The server ended it. */
        CUT,
        /** There was none to be had. */
        REFUSED
    }

    /** A connection that went wrong. */
    record Trouble(Mishap mishap, long start, long end, String what) {

        /** @param start when the client began with the connection */
        static Trouble of(IOException failure, long start) {
            Mishap mishap = failure instanceof ConnectException ? Mishap.REFUSED : Mishap.CUT;
            return new Trouble(mishap, start, System.nanoTime(), failure.toString());
        }
    }

    private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
    private final Queue<Trouble> troubles = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicInteger> copies = new ConcurrentHashMap<>();
    private final Queue<String> unproven = new ConcurrentLinkedQueue<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger keys = new AtomicInteger();

    /** A name that no other message has. */
    String newKey() {
        return "m" + keys.incrementAndGet();
    }

    void sent(Sent message) {
        sent.add(message);
        if (message.reply() == 250) {
            accepted.incrementAndGet();
        }
    }

    void trouble(Trouble trouble) {
        troubles.add(trouble);
    }

    /** A message has arrived where it was to go. */
    void arrived(String content) {
        Matcher matcher = KEY.matcher(content);
        if (matcher.find()) {
            copies.computeIfAbsent(matcher.group(1), _ -> new AtomicInteger()).incrementAndGet();
            if (!content.contains("spf=pass") || !content.contains("dmarc=pass")) {
                unproven.add(content);
            }
        }
    }

    /** What has arrived without the word of each filter that finds out who sent it. */
    List<String> unproven() {
        return List.copyOf(unproven);
    }

    /** Messages that were answered 250 and have not arrived yet, but for those that arrived without such an answer. */
    int underWay() {
        return accepted.get() - copies.size();
    }

    int copies(String key) {
        AtomicInteger count = copies.get(key);
        return count == null ? 0 : count.get();
    }

    List<Sent> sent() {
        return List.copyOf(sent);
    }

    List<Trouble> troubles() {
        return List.copyOf(troubles);
    }
}
