package org.staffetta.spool.file;

import java.time.Duration;

/**
 * What may be set.
 *
 * @param segmentSize octets of a journal file
 * @param smallBody a body of so many octets at most stands in the journal itself
 * @param minFree so many octets must be free for new mail to be taken
 * @param minFreePercent and so much of the disk
 * @param draftMemory octets that drafts may hold in memory, all together; beyond that they go to files at once
 * @param retry how long to wait before writing is tried again on storage that failed
 */
record Settings(int segmentSize, int smallBody, long minFree, int minFreePercent, long draftMemory, Duration retry) {

    /** Octets of a journal file unless it is set. */
    static final int SEGMENT_SIZE = 64 << 20;

    /** Octets of a small body unless it is set. */
    static final int SMALL_BODY = 256 << 10;

    /** An eighth of the heap for drafts. */
    static long defaultDraftMemory() {
        return Runtime.getRuntime().maxMemory() / 8;
    }
}
