package org.staffetta.itests.bad;

import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Component;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;

/** Has a regular expression tried for years: there is no code of its own in which it could be ended. */
@Component(property = Filter.NAME + "=computing")
public class Computing implements Filter {

    private static final Pattern PATTERN = Pattern.compile("(x+x+)+\\1y");

    @Override
    public Transaction begin(FilterContext context) {
        return new Transaction() {
            @Override
            public Verdict data(Envelope envelope, Message message) {
                return PATTERN.matcher("x".repeat(100)).matches() ? new Verdict.Discard("never") : Verdict.proceed();
            }
        };
    }
}
