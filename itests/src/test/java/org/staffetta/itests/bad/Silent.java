package org.staffetta.itests.bad;

import org.osgi.service.component.annotations.Component;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;

/** Gives no answer. */
@Component(property = Filter.NAME + "=silent")
public class Silent implements Filter {

    @Override
    public Transaction begin(FilterContext context) {
        return new Transaction() {
            @Override
            @SuppressWarnings("NullAway") // that is what it does wrong
            public Verdict data(Envelope envelope, Message message) {
                return null;
            }
        };
    }
}
