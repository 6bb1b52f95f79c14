/**
 * DMARC (RFC 9989): the filter {@code dmarc} judges whether a message is from the domain that its From field names, and what that domain wishes to be
 * done if it is not. It asks nobody who sent the message: that is what the filters before it have found, so it stands behind them:
 * {@code listener.mx.filters = spf, dkim, arc, dmarc}. One of {@code spf} and {@code dkim} that was not asked is no reason to refuse anything: what does not
 * pass then is {@code permerror}, and says so.
 *
 * <p><b>Who it is from.</b> {@link org.staffetta.domainkey.Author}: one From field with one plain address, and nothing that anybody might read
 * otherwise. Where the policy is applied, all else is refused (550 5.6.0), since whoever can hide the author needs no signature.
 *
 * <p><b>Whose policy.</b> {@link org.staffetta.filter.dmarc.TreeWalk} asks DNS, eight questions for a name at most, and never twice for the same in
 * one message. There is no list of public suffixes. {@link org.staffetta.filter.dmarc.PolicyRecord} is a record as it was published.
 *
 * <p><b>What it says.</b> {@link org.staffetta.filter.dmarc.Evaluation}: {@code pass} if a signature that is valid, or SPF of the reverse-path, is of the same
 * organization (the same domain where the record says {@code s}); {@code fail} if none is; {@code none} without a policy; {@code temperror} where an answer of
 * DNS might have made it a pass; {@code permerror} where it cannot be judged. One finding {@code dmarc} with {@code header.from}, {@code polrec.p},
 * {@code polrec.domain} (if it is another one) and {@code reason}.
 *
 * <p><b>What is done.</b> With {@code dmarc.policy = report}, the default, nothing. With {@code apply}: {@code reject} is 550 5.7.1, {@code quarantine} holds
 * the message; unless {@code dmarc.overrides} say otherwise, or a sealer whom the filter {@code arc} trusts has seen it pass (its
 * ARC-Authentication-Results are read by the same rules). {@code p=none} changes nothing for anybody.
 *
 * <p><b>When DNS fails</b> the message is accepted, or with {@code dmarc.temperror = defer} put off. All questions count against the budget of the message;
 * who uses it up by a costly SPF policy has {@code temperror}, so where no forgery may get by, write {@code defer}.
 *
 * <p><b>Reports to others</b> (RFC 9990). {@link org.staffetta.filter.dmarc.Collector} counts, {@link org.staffetta.filter.dmarc.Reports} sends, each report once.
 *
 * <p><b>Reports of others.</b> Mail to {@code dmarc.incoming} that the filter has nothing against is copied, in memory and bounded, and read by
 * {@link org.staffetta.filter.dmarc.Incoming} on its own thread: no mail waits for it or fails by it. A filter after this one may refuse the message still; then what it
 * reports is known all the same, and when the message comes again it does not count twice. Each report is the work of a stranger:
 * {@link org.staffetta.filter.dmarc.Budget} bounds octets, unpacking and time, {@link org.staffetta.filter.dmarc.Attachment} opens one archive and none in it,
 * {@link org.staffetta.filter.dmarc.AggregateReader} knows no document type, and {@link org.staffetta.filter.dmarc.ReportStore} has so many lines for a day.
 */
@NullMarked
package org.staffetta.filter.dmarc;

import org.jspecify.annotations.NullMarked;
