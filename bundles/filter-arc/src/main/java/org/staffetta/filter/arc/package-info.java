/**
 * ARC, the Authenticated Received Chain (RFC 8617): the filter {@code arc} verifies, the filter {@code arc-seal} seals. They are two because they stand at
 * different places: {@code listener.mx.filters = spf, dkim, arc, dmarc, arc-seal}. What is edited after {@code arc-seal} is not sealed.
 *
 * <h2>Verifying</h2>
 * One finding {@code arc}: {@code none} without any set, {@code pass}, {@code fail}, or {@code temperror} when DNS has no answer for a key. A chain passes
 * if its sets 1 to at most 50 are whole and without gaps, each says of the chain before what it must, the last ARC-Message-Signature is valid, and
 * all seals are. What is accepted as a signature is as with DKIM; a last signature that leaves a part of the body out ({@code l=}) is not
 * valid. A missing {@code c=} means relaxed/relaxed, as all others read it. The properties are
 * <table>
 * <caption>Properties of the finding</caption>
 * <tr><td>reason</td><td>why it does not pass</td></tr>
 * <tr><td>smtp.remote-ip</td><td>the client</td></tr>
 * <tr><td>header.oldest-pass</td><td>of a chain that passes: the instance since which nothing was changed, 0 if nothing was since the first</td></tr>
 * <tr><td>chain</td><td>of a chain that passes: {@code instance:domain:selector} from the last to the first, for DMARC's reports (RFC 8617 section
 * 7.2.1)</td></tr>
 * <tr><td>sealer, sealer-instance, sealer-results</td><td>of a chain that passes and has a set that may be believed: who sealed it, its number, and what
 * follows {@code i=n;} in its ARC-Authentication-Results, for DMARC's override</td></tr>
 * </table>
 * Those without a dot are for other filters only and never part of an Authentication-Results field.
 *
 * <p><b>Whom to believe.</b> A chain that passes says who has passed a message on, not that they are honest: the last of them may have written another
 * message under the old seals. Therefore a set may be believed if its sealer is one of {@code arc.trusted.sealers}, and the message, From included, is
 * still the one that he signed, or the next set may be believed too. Of those the oldest is told, which stands nearest to the origin.
 *
 * <h2>Sealing</h2>
 * With {@code arc.seal.domain}, {@code arc.seal.selector} and a key (as {@code dkim new} makes them) every message is sealed that is not from an
 * authenticated account. Which of them will be passed on is known only later, and a seal on others does no harm. ARC-Authentication-Results tells the
 * findings of all filters that were asked before, in the name of {@code authserv}, or else {@code hostname}. The status of the chain is what {@code arc} found, or if it was not
 * asked, what is found now. A chain that fails is sealed with {@code cv=fail} over the own set only (section 5.1.2), once; one with 50 sets, and one that
 * nobody can judge now, is left as it is. If the key cannot be read, the message goes on without a seal, and an operator hears of it.
 *
 * <h2>The suite of others</h2>
 * {@code arc-valimail}: 114 of 114 validations and 17 of 17 sealings are as it says, none excepted. For two chains of which an earlier sealer said
 * {@code cv=fail} the suite has no word; we say {@code fail} (section 5.2 step 2).
 */
@NullMarked
package org.staffetta.filter.arc;

import org.jspecify.annotations.NullMarked;
