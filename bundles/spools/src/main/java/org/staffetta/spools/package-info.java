/**
 * Spools side by side: which one takes new mail, and how all that is queued in one gets to another while mail flows.
 *
 * <p><b>Which one.</b> {@code spool} in the configuration names the spool that takes new mail, of listeners, notices and whoever else makes messages; each of them
 * heeds a change with its next message. All other spools that are there are drained: the queue delivers out of every one. To {@code use} another one is to
 * write that setting.
 *
 * <p><b>A migration</b> goes in rounds ({@link org.staffetta.spools.Round}). A round reads through the source and moves each entry that nobody works on, some
 * of them at a time, so that they share the writes to the storage; what is just being delivered is left to that, and looked at in the next round. When the
 * source is empty, the migration is done. The source must not be the spool that takes new mail: else it would never end. Deliveries go on out of both
 * all the while. What still comes into the source later, for a transaction had begun before the switch, is delivered from there.
 *
 * <p><b>An entry</b> is moved in the five steps of {@link org.staffetta.api.spool} ({@link org.staffetta.spools.Handover}): claimed, copied, handed over,
 * activated, forgotten. Before it is handed over, the copy is read back from the target and compared: arrival, envelope, attributes, hold, the state of each
 * recipient, and the SHA-256 of header and body. What is not the same stays where it is. Bodies are streamed; an entry keeps its queue id unless the target
 * has another one of that id, and the event {@code MIGRATED} tells of both.
 *
 * <p><b>Crashes and lost answers.</b> Before each round, at the start, and when a spool comes, what was left half done is completed or undone
 * ({@link org.staffetta.spools.Settlement}) by the rules of that package, whether a migration goes on or not. Nobody needs to do anything about it. What waits
 * for a spool that does not come back, for only that one knows whether the message is still its own, raises an alarm.
 *
 * <p><b>Course.</b> One migration at a time. {@code spools/migration.properties} in the folder of data says which ({@link org.staffetta.spools.Note}); it is written
 * before anything is moved, and read at the start: what ran then goes on by itself. How many were done is noted every few seconds, so after a
 * crash that number may be a little too small; which they were stands in the log. When a spool is missing or fails, the migration waits and says so.
 * The spools are leased for a round, which ends when one of them is to go: they can be replaced meanwhile.
 */
@NullMarked
@Header(name = Deployment.UPDATE, value = "replace")
package org.staffetta.spools;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Header;
import org.staffetta.api.deploy.Deployment;
