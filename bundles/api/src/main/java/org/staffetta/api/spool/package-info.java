/**
 * The durable queue of accepted messages: what {@code 250} promises is kept here.
 *
 * <p>There are two verbs of durability and both return only when the fact is on stable storage:
 * {@link org.staffetta.api.spool.Draft#commit} takes a message in, {@link org.staffetta.api.spool.Claim#update}
 * notes what became of its recipients. Whatever is closed without them has not happened.
 *
 * <p>Implemented by storage bundles, registered with the service property {@code staffetta.name}. A spool keeps and
 * orders; it knows nothing of routes, lanes or retry policy: those are the queue's.
 *
 * <p><b>From one spool to another</b> ({@link org.staffetta.api.spool.Exchange}) an entry goes in five steps, each of which is durable before the next
 * begins.
 * <ol>
 * <li>{@link org.staffetta.api.spool.Spool#claim}: nobody else works on it in the source. (The one step that a crash undoes.)</li>
 * <li>{@link org.staffetta.api.spool.Exchange#receive}: the target has a copy, which is not an entry. It is read back and compared.</li>
 * <li>{@link org.staffetta.api.spool.Claim#handOver}: the source has a note instead of the entry, with the key of this copy. From now on the message is
 * the target's.</li>
 * <li>{@link org.staffetta.api.spool.Exchange#activate}: the copy is an entry of the target.</li>
 * <li>{@link org.staffetta.api.spool.Exchange#forget}: the note goes.</li>
 * </ol>
 * A crash may come anywhere, and the answer to any step may be lost. Whoever finds what it left needs to know nothing but these rules, and may apply them
 * at any time, to any number of spools, beside others that do:
 * <ul>
 * <li>A note in the source: its copy is activated, then the note is forgotten.</li>
 * <li>A copy, and the source {@link org.staffetta.api.spool.Exchange#isGone has neither the entry nor a note}: it is discarded. It was left over when
 * another attempt moved the entry, or the source has delivered it.</li>
 * <li>A copy, and the source has a note with the key of another one: the same.</li>
 * <li>A copy, and the source has the entry: who finds it claims the entry; and once a write to that claim has succeeded
 * ({@link org.staffetta.api.spool.Claim#hold} with the reason that is there), so that no earlier claim is good for a hand-over any more, discards the
 * copy. If it is claimed by somebody else, nothing is done: that one may be about to hand it over.</li>
 * </ul>
 * So there is never both an entry in the source and one in the target, and never neither: the note in the source, which names one copy, decides. Source and
 * target are told by their {@link org.staffetta.api.spool.Exchange#identity}, for a name can come to mean another storage. What is asked of a spool for
 * all this is tested by {@code SpoolContract}.
 */
@NullMarked
@Export
@Version("1.1.0")
package org.staffetta.api.spool;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
