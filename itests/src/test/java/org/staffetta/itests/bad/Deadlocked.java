package org.staffetta.itests.bad;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Component;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;

/** Enters two monitors, once in this order and once in that. */
@Component(property = Filter.NAME + "=deadlocked")
public class Deadlocked implements Filter {

    private final Object left = new Object();
    private final Object right = new Object();
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

    private Verdict both(Object first, Object second) throws IOException {
        synchronized (first) {
            awaitTheOther();
            synchronized (second) {
                return Verdict.proceed();
            }
        }
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
