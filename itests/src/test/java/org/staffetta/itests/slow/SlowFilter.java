package org.staffetta.itests.slow;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.osgi.service.component.annotations.Component;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;

/** Thinks about a mail on slowness until it is interrupted; lets all others through. */
@Component(property = Filter.NAME + "=slow")
public class SlowFilter implements Filter {

    @Override
    public Transaction begin(FilterContext context) {
        return new Transaction() {
            @Override
            public Verdict data(Envelope envelope, Message message) throws IOException {
                if (message.headers().stream()
                        .anyMatch(header -> header.is("Subject") && header.value().equals("slow"))) {
                    think();
                }
                return Verdict.proceed();
            }
        };
    }

    private static void think() throws IOException {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException enough) {
            throw new IOException("interrupted", enough);
        }
    }
}
