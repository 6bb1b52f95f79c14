package org.staffetta.itests.bad;

import org.osgi.service.component.annotations.Component;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;

/** Wants all memory at once. */
@Component(property = Filter.NAME + "=greedy")
public class Greedy implements Filter {

    @Override
    public Transaction begin(FilterContext context) {
        return new Transaction() {
            @Override
            public Verdict data(Envelope envelope, Message message) {
                return new byte[Integer.MAX_VALUE - 8].length > 0 ? Verdict.proceed() : new Verdict.Discard("never");
            }
        };
    }
}
