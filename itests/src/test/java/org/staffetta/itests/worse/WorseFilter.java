package org.staffetta.itests.worse;

import org.osgi.service.component.annotations.Component;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;

/** A later version of the filter of subjects, with a fault that shows only when mail comes. */
@Component(property = Filter.NAME + "=subject")
public class WorseFilter implements Filter {

    @Override
    public Transaction begin(FilterContext context) {
        return new Transaction() {
            @Override
            public Verdict data(Envelope envelope, Message message) {
                throw new IllegalStateException("a bug of the new version");
            }
        };
    }
}
