/**
 * The spool in files: an append-only journal in segments, with group commit.
 *
 * <p><b>What is promised.</b> A message is acknowledged when its record has been forced ({@code fdatasync}) in a file whose name has
 * been forced too. After that it is there until a record that says otherwise has been forced as well.
 *
 * <h2>Files</h2>
 * All are in one folder and readable by their owner only.
 * <ul>
 * <li>{@code journal-00000042}: a segment of the journal. Numbers rise and are not used again while higher ones exist. A segment is
 * filled with zeros and forced before its first record: records then need no new room and change no metadata, which makes a
 * force one and a half to two times as quick, and leaves room on a full disk for what must still be noted.</li>
 * <li>{@code body-1A2B3C4D5E}: the body of the message of that queue id, octet for octet, if it is too big for the journal.</li>
 * <li>{@code quarantine-*}: what was damaged and is kept for a person to look at; at most 16, the spool does not read them.</li>
 * <li>{@code lock}: held by the process that uses the folder.</li>
 * </ul>
 *
 * <h2>Records</h2>
 * A segment is a row of records without gaps, then zeros. Numbers are big-endian.
 * <pre>
 *  0  int   magic "STJ1"
 *  4  long  salt: a random number of the segment, so that nobody can put a record into a message and have it taken for one
 * 12  int   octets of the payload, at most 16 MiB
 * 16  byte  type, see {@link RecordType}
 * 17  byte  1 if it is a copy from an older segment
 * 18  short 0
 * 20  int   number of the segment   (with the next: a write that went elsewhere is noticed)
 * 24  int   offset of this record in the segment
 * 28  int   up to where the segment had been forced when this was written
 * 32  long  sequence: rises from record to record through all segments
 * 40  long  queue id as a number; 0 if the record is about no entry
 * 48  int   CRC32C of the payload
 * 52  int   CRC32C of octets 0 to 51
 * 56        payload
 * </pre>
 * Header and payload have checksums of their own: that of the payload is made by who waits, not by the one thread that writes, and
 * of a record with a damaged payload it is still known whose it was. Payloads: {@link SegmentStart}, {@link Payload}. All that speak
 * of an entry begin with the moment at which it is due (long, milliseconds) and whether it is held (byte), so that a start need not
 * read on (of a {@code COPY} it reads the queue id as well). {@code UPDATE} says only what changed; after sixteen such records a {@code STATE} says it all. The payload of
 * {@code MESSAGE} ends with the body; that of {@code BIG_MESSAGE} with a CRC32C for each 64 KiB of the body's file.
 *
 * <h2>Writing</h2>
 * One platform thread writes ({@link Journal}, {@link BatchWriter}) and nobody interrupts it. All records that are handed over while it
 * forces are the next batch and share one force; it never waits for more to come. A big body is written to its file by the
 * thread that brings it, under its final name, forced, and then the writer syncs the folder, once for the batch, before the record.
 *
 * <p><b>A failed write or force</b> is never repeated. The segment is given up at the end of what was forced with success; the
 * next segment, begun at once if it can be, says so in its first record (a <i>cut</i>), and only then the batch's callers
 * learn that they failed: so what was refused does not come back with a restart. What was acknowledged before was forced before,
 * successfully. Still it is copied: all live records before the cut are read again, checked, and written to the new segment, and only
 * when that is forced are new messages taken in again. If no segment can be begun, nothing is written and
 * nothing is given out to deliver, for its outcome could not be noted; it is tried again every few seconds. That is why the server need
 * not be restarted after such a failure. (If the process dies before the cut is forced, a message that was refused with 451 may
 * be found by the restart and be delivered: a copy too many, never one too few.)
 *
 * <p><b>A full disk.</b> Below the low-water mark new messages get 452; what becomes of earlier ones is still noted, for one segment
 * is always made in advance, and an eighth of the last one is kept for that.
 *
 * <h2>From and to other spools</h2>
 * See {@link org.staffetta.api.spool} for the protocol. A {@code COPY} is a message of another spool, with its queue id, where it comes from, and what is
 * pending; it has a number of its own, which is its key and names the file of its body. It is no entry before another record speaks of it: to activate it
 * is to write a {@code STATE}. {@code HANDED_OVER} turns an entry into a note of where it went, until {@code REMOVED}; nothing that was said of it
 * before counts any more. An id of another spool is kept in memory with its entry, and never given to two of them; nor is one kept that
 * may still be given out here. Each segment begins with the spool's identity. As long as what a start has read is not copied,
 * nothing is said of copies and notes: it may not be on the disk.
 *
 * <h2>Giving room back</h2>
 * Segments leave oldest first ({@link Housekeeper}). So what says that an entry is gone always outlives the message it speaks of. A segment
 * without live records is removed; while there are more than twice the live octets (and four segments), what is alive in the
 * oldest is copied to the end ({@link Evacuation}): at most one octet is copied for each that is won.
 *
 * <h2>Starting</h2>
 * {@link Recovery} reads all segments in order and checks every record. What is no record is skipped up to the next thing that is:
 * only the messages in between are lost, and a person is told. At the end of a segment, behind what is known to have been forced, it is
 * a torn tail and nobody's loss. A damaged {@code UPDATE} leaves the entry as it was before: rather a copy too many. Nothing is ever
 * appended to a segment of an earlier run: a new one is begun, and the last one's live records are copied to it before new messages are
 * taken in, for some of them may have been in memory only. Bodies that no record speaks of are removed.
 *
 * <h2>In memory</h2>
 * The {@link Index} keeps some 130 octets an entry; entries are read from the files when somebody asks. Readers open the file each for
 * himself and through {@link java.io.RandomAccessFile}, so no interrupt can close a file under others.
 */
@NullMarked
@Header(name = Deployment.UPDATE, value = "replace")
package org.staffetta.spool.file;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Header;
import org.staffetta.api.deploy.Deployment;
