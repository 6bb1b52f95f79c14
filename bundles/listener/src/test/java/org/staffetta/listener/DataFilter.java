package org.staffetta.listener;

import java.io.IOException;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;

/** A filter that judges whole messages only. */
@FunctionalInterface
interface DataFilter extends Filter {

    Verdict judge(FilterContext context, Message message) throws IOException;

    /** A lambda as a filter. */
    static Filter onData(DataFilter filter) {
        return filter;
    }

    @Override
    default Transaction begin(FilterContext context) {
        return new Transaction() {
            @Override
            public Verdict data(Envelope envelope, Message message) throws IOException {
                return judge(context, message);
            }
        };
    }
}
