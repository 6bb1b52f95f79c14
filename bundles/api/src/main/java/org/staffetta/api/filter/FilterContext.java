package org.staffetta.api.filter;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
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
}
