package org.staffetta.domainkey;

import java.util.List;
import java.util.Optional;
import org.staffetta.api.mail.Header;
import org.staffetta.smtp.SoleAuthor;

/** The domain that a message claims to be from: that of its one From field with its one mailbox. */
public final class Author {

    private Author() {}

    /** The domain, as {@link DomainName#parse} gives it; none where mail programs might not agree on the author. */
    public static Optional<String> domain(List<Header> headers) {
        return SoleAuthor.mailbox(headers).flatMap(author -> DomainName.parse(author.domain()));
    }
}
