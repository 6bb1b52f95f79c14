package org.staffetta.itests.bad;

import java.io.IOException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Component;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;

/** Takes two locks, once in this order and once in that. */
@Component(property = Filter.NAME + "=locked")
public class Locked implements Filter {

    private final Lock left = new ReentrantLock();
    private final Lock right = new ReentrantLock();
    private final CountDownLatch bothHaveOne = new CountDownLatch(2);
    private final AtomicInteger calls = new AtomicInteger();

    @Override
    public Transaction begin(FilterContext context) {
        boolean even = calls.getAndIncrement() % 2 == 0;
        return new Transaction() {
            @Override
            public Verdict data(Envelope envelope, Message message) throws IOException {
                return both(even ? left : right, even ? right : left);
            }
        };
    }

    private Verdict both(Lock first, Lock second) throws IOException {
        first.lock();
        try {
            awaitTheOther();
            second.lock();
            second.unlock();
        } finally {
            first.unlock();
        }
        return Verdict.proceed();
    }

    private void awaitTheOther() throws IOException {
        bothHaveOne.countDown();
        try {
            bothHaveOne.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
