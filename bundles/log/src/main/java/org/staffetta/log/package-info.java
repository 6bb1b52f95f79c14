/**
 * Takes the events of all parts, hands them to whoever listens, and writes the mail log.
 *
 * <p><b>Nobody waits.</b> {@link org.staffetta.api.event.MailEvents#publish} puts an event into one bounded queue for the mail log, and one for each
 * {@link org.staffetta.api.event.MailEventListener}; each queue has a platform thread of its own, so a listener that is slow or broken loses its own
 * events and nothing else. What a queue cannot take is counted; the mail log says how many lines are missing, where they are missing.
 *
 * <p><b>The mail log</b> is {@code log/mail.log} in the data folder, one line an event, in the shape that Postfix made common:
 * <pre>
 * 2026-11-23T16:10:01.123+01:00 mx staffetta/smtpd[77]: 7QK2: accepted, from=&lt;bob@demo.test&gt;, size=310, nrcpt=1, client=127.0.0.1
 * 2026-11-23T16:10:01.129+01:00 mx staffetta/delivery[77]: 7QK2: to=&lt;alice@demo.test&gt;, relay=maildir, delay=0.006, dsn=2.0.0, status=sent (250 2.0.0 delivered)
 * 2026-11-23T16:10:01.130+01:00 mx staffetta/queue[77]: 7QK2: removed, from=&lt;bob@demo.test&gt;, nrcpt=1
 * </pre>
 * The word in front of the fields is {@code connect}, {@code disconnect}, {@code reject}, {@code filtered}, {@code shadow}, {@code auth}, {@code accepted}, {@code discarded}, {@code held},
 * {@code routed}, {@code removed} or {@code alarm}; a delivery has none, its {@code status} is {@code sent}, {@code deferred} or {@code bounced}. The id is
 * that of the message in the queue, or of the session where there is no message. With {@code format = json} a line is a JSON object instead: {@code time},
 * {@code event}, {@code session}, {@code id}, then the fields.
 *
 * <p><b>What strangers send cannot forge a line.</b> Control characters, format characters (those that turn the direction of text among them), line
 * separators and the backslash are written as {@code \x{HEX}}; addresses and names stand in angle brackets which cannot be closed from
 * inside; other values that hold blanks or separators are quoted; a value is cut at 1 KB. The reply of a remote server is always last.
 *
 * <p><b>Filters.</b> {@code filtered} lists who was asked about a message, {@code shadow} what one would have said whose verdict has no effect:
 * <pre>
 * 2026-11-23T16:10:01.122+01:00 mx staffetta/smtpd[77]: 7QK2: filtered, transaction=S1.1, filters="spf/1.0.0 mail proceed 3.10, spf/1.0.0 data proceed 0.02", session=S1
 * 2026-11-23T16:10:01.124+01:00 mx staffetta/smtpd[77]: 7QK2: shadow, transaction=S1.1, filters="subject/2.0.0 data refuse 0.31", taken=proceed, differs=yes, session=S1 (550 5.7.1 no)
 * </pre>
 *
 * <p><b>The trail.</b> A {@link org.staffetta.log.Trail} reads the lines back, text and JSON, those of rotated files too, whoever rotated them,
 * compressed or not. It looks from the newest file backwards until it has found how the message or session began. A cut value stays cut.
 *
 * <p>The file is renamed to {@code mail.log.1} and so on when it is full, and opened anew when somebody else has moved it away.
 */
@NullMarked
@Header(name = Deployment.UPDATE, value = "replace")
package org.staffetta.log;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Header;
import org.staffetta.api.deploy.Deployment;
