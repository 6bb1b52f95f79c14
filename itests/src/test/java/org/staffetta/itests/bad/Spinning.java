package org.staffetta.itests.bad;

import org.osgi.service.component.annotations.Component;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;

/** Computes for ever and never blocks. */
@Component(property = Filter.NAME + "=spinning")
public class Spinning implements Filter {

    private volatile int count;

    @Override
    public Transaction begin(FilterContext context) {
        return new Transaction() {
            @Override
            public Verdict data(Envelope envelope, Message message) {
                while (count >= 0) {
                    count = (count + 1) % 1_000_000;
                }
                return Verdict.proceed();
            }
        };
    }
}
