package org.staffetta.api.filter;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.session.Session;

/** What a filter may ask while its transaction lasts. */
@ProviderType
public interface FilterContext {

    /** The session as it stood when the transaction began. */
    Session session();

    /** The id of the transaction: that of the session, a dot, and a number. */
    String transaction();

    /** What the filters asked so far have found, in their order. */
    List<Finding> findings();

    /**
     * The domain name system, within what this message may cost: all filters of the transaction share one budget of questions and of time
     * ({@code dns.questions} and {@code dns.time} of the listener). When it is used up, or there is no DNS at the moment, a question is a
     * {@link org.staffetta.api.dns.DnsException}.
     */
    Dns dns();
}
