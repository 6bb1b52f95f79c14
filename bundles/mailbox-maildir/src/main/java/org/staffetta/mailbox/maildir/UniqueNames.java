package org.staffetta.mailbox.maildir;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Names that no other file in any Maildir has: time, process, a number drawn at the start, a counter, host. The drawn number keeps
 * names unique when a process id comes again and the clock goes back.
 */
final class UniqueNames {

    // with the longest of everything else, a name stays within the 70 characters of a POP3 unique-id (RFC 1939 section 7)
    private static final int MAX_HOST = 24;

    private final InstantSource clock;
    private final String tail;
    private final String host;
    private final AtomicLong counter = new AtomicLong();

    UniqueNames(InstantSource clock, RandomGenerator random, String host) {
        this.clock = clock;
        this.tail = "P" + ProcessHandle.current().pid() + "R" + Integer.toHexString(random.nextInt()) + "Q";
        this.host = plain(host);
    }

    String next() {
        Instant now = clock.instant();
        return now.getEpochSecond() + ".M" + now.getNano() / 1000 + tail + counter.incrementAndGet() + "." + host;
    }

    // a host name in a file name has no slash, colon or comma; most have none anyway
    private static String plain(String host) {
        String safe = host.replaceAll("[^A-Za-z0-9.-]", "-");
        return safe.length() <= MAX_HOST ? safe : safe.substring(0, MAX_HOST);
    }
}
