/**
 * The way to take part in the decision whether a message is accepted.
 *
 * <p>A plug-in registers one {@link org.staffetta.api.filter.Filter} as an OSGi service with the service property
 * {@code staffetta.name}. The operator names it in the order of a listener ({@code listener.smtp.filters = spf, dkim});
 * a filter that nobody names is never asked. For each transaction the server takes a snapshot of that order, asks
 * each filter for a {@link org.staffetta.api.filter.Filter.Transaction}, and calls it in the phases of RFC 5321:
 * mail, rcpt, data. A filter decides by the {@link org.staffetta.api.filter.Verdict} it returns and has no other
 * means to act on the message.
 *
 * <p>For whom a filter is asked, and whether its verdict has an effect, is the operator's to say ({@code filter.<name>.mode}, {@code .share},
 * {@code .domains}, …); a filter need not know. What became of it all is to be read from the {@link org.staffetta.api.filter.Chain} of each listener.
 */
@NullMarked
@Export
@Version("1.4.0")
package org.staffetta.api.filter;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
