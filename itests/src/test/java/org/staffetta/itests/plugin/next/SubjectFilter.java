package org.staffetta.itests.plugin.next;

import org.osgi.service.component.annotations.Component;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;

/** Refuses lotteries, too. */
@Component(property = Filter.NAME + "=subject")
public class SubjectFilter implements Filter {

    @Override
    public Transaction begin(FilterContext context) {
        return new Transaction() {
            @Override
            public Verdict data(Envelope envelope, Message message) {
                boolean unwanted = message.headers().stream().filter(header -> header.is("Subject"))
                        .anyMatch(header -> header.value().contains("casino") || header.value().contains("lottery"));
                return unwanted ? Verdict.reject("5.7.1", "neither casinos nor lotteries here") : Verdict.proceed();
            }
        };
    }
}
