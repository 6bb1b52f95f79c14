package org.staffetta.itests.sender;

import org.osgi.service.component.annotations.Component;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;

/** Refuses a mail by its sender. */
@Component(property = Filter.NAME + "=sender")
public class SenderFilter implements Filter {

    @Override
    public Transaction begin(FilterContext context) {
        return new Transaction() {
            @Override
            public Verdict mail(Envelope envelope) {
                return envelope.sender().localPart().equals("unwanted")
                        ? Verdict.reject("5.7.1", "not from you")
                        : Verdict.proceed();
            }
        };
    }
}
