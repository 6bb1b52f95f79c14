package org.staffetta.itests.bad;

import org.osgi.service.component.annotations.Component;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;

/** Computes for years, in no loop at all. */
@Component(property = Filter.NAME + "=recursing")
public class Recursing implements Filter {

    @Override
    public Transaction begin(FilterContext context) {
        return new Transaction() {
            @Override
            public Verdict data(Envelope envelope, Message message) {
                return fibonacci(80) > 0 ? Verdict.proceed() : new Verdict.Discard("never");
            }
        };
    }

    private static long fibonacci(int n) {
        return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
    }
}
