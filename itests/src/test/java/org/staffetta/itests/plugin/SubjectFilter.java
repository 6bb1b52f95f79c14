package org.staffetta.itests.plugin;

import org.osgi.service.component.annotations.Component;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;

/** A filter as a newcomer writes it: refuses a mail by its subject. */
@Component(property = Filter.NAME + "=subject")
public class SubjectFilter implements Filter {

    @Override
    public Transaction begin(FilterContext context) {
        return new Transaction() {
            @Override
            public Verdict data(Envelope envelope, Message message) {
                boolean unwanted = message.headers().stream()
                        .anyMatch(header -> header.is("Subject") && header.value().contains("casino"));
                return unwanted ? Verdict.reject("5.7.1", "no casinos here") : Verdict.proceed();
            }
        };
    }
}
