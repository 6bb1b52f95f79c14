package org.staffetta.itests.bad;

import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;

/** Takes memory without end. */
@Component(property = Filter.NAME + "=allocating")
public class Allocating implements Filter {

    @Override
    public Transaction begin(FilterContext context) {
        return new Transaction() {
            @Override
            public Verdict data(Envelope envelope, Message message) {
                List<byte[]> taken = new ArrayList<>();
                while (taken.size() < Integer.MAX_VALUE) {
                    taken.add(new byte[1 << 16]);
                }
                return Verdict.proceed();
            }
        };
    }
}
