package org.staffetta.listener;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.staffetta.api.dns.Answer;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.dns.DnsException;

/**
 * The domain name system as the filters of one transaction see it: who sends a message must not be able to have us ask, or wait, without end.
 * Filters are called one after the other, but one that overran may still be asking while the next one does.
 */
final class DnsBudget implements Dns {

    /** Where none may be asked. */
    static final Dns NONE = new DnsBudget(Optional::empty, 0, Duration.ZERO);

    private final Supplier<Optional<Dns>> dns;
    private final int questions;
    private final long nanos;
    private int asked;
    private long spent;

    /**
     * @param dns may wait for it; that time counts as well
     * @param questions that may be asked
     * @param time that all answers together may take; one that is being waited for when it ends is given up
     */
    DnsBudget(Supplier<Optional<Dns>> dns, int questions, Duration time) {
        this.dns = dns;
        this.questions = questions;
        this.nanos = time.toNanos();
    }

    private interface Question<T> {
        Answer<T> ask(Dns dns) throws DnsException;
    }

    @Override
    public Answer<Mx> mx(String domain) throws DnsException {
        return ask(1, dns -> dns.mx(domain));
    }

    /** IPv4 and IPv6: two questions. */
    @Override
    public Answer<InetAddress> addresses(String host) throws DnsException {
        return ask(2, dns -> dns.addresses(host));
    }

    @Override
    public Answer<String> txt(String name) throws DnsException {
        return ask(1, dns -> dns.txt(name));
    }

    @Override
    public Answer<String> ptr(InetAddress address) throws DnsException {
        return ask(1, dns -> dns.ptr(address));
    }

    private <T> Answer<T> ask(int count, Question<T> question) throws DnsException {
        long left = take(count);
        long began = System.nanoTime();
        try {
            return within(left, () -> question.ask(service()));
        } finally {
            spend(System.nanoTime() - began);
        }
    }

    private Dns service() throws DnsException {
        return dns.get().orElseThrow(() -> new DnsException("there is no DNS service at the moment"));
    }

    // servers that are silent may be waited for longer than we may wait
    private <T> Answer<T> within(long left, Callable<Answer<T>> question) throws DnsException {
        FutureTask<Answer<T>> task = new FutureTask<>(question);
        Thread.ofVirtual().name("dns-question").start(task);
        try {
            return task.get(left, TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw tooSlow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DnsException("a question to DNS was interrupted");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case DnsException none -> throw none;
                case RuntimeException bug -> throw bug;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        } finally {
            task.cancel(true);
        }
    }

    /** What is left of the time. */
    private synchronized long take(int count) throws DnsException {
        if (asked + count > questions) {
            throw new DnsException("the message needs more than " + questions + " questions to DNS");
        }
        if (spent >= nanos) {
            throw tooSlow();
        }
        asked += count;
        return nanos - spent;
    }

    private DnsException tooSlow() {
        return new DnsException(
                "the questions to DNS about the message have taken " + Duration.ofNanos(nanos).toMillis()
                        + " ms");
    }

    private synchronized void spend(long time) {
        spent += time;
    }
}
