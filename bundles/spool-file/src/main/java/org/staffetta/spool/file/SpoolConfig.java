package org.staffetta.spool.file;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What an administrator may set: {@code spool.file.*}. */
@ObjectClassDefinition(name = "Spool in files", description = "The durable queue of accepted messages.")
@interface SpoolConfig {

    @AttributeDefinition(name = "Folder", description = "Where the journal and big bodies are kept; relative to the data folder. "
            + "No two servers may share one. A change is heeded at once: the spool is closed and opened there.")
    String folder() default "spool";

    @AttributeDefinition(name = "Journal file size", description = "Octets of one file of the journal. Default 67108864 (64 MiB). "
            + "Heeded from the next file on.", min = "1048576", max = "1073741824")
    int segment_size() default Settings.SEGMENT_SIZE;

    @AttributeDefinition(name = "Small body", description = "Bodies of so many octets at most stand in the journal itself, "
            + "larger ones in files of their own. Default 262144 (256 KiB).", min = "0", max = "4194304")
    int small_body() default Settings.SMALL_BODY;

    @AttributeDefinition(name = "Free space", description = "New mail is answered 452 while less than so many octets are free on "
            + "the disk. Default 1073741824 (1 GiB).", min = "0")
    long min_free() default 1L << 30;

    @AttributeDefinition(name = "Free space in percent", description = "As min.free, in percent of the disk; the larger of the "
            + "two counts. Default 5.", min = "0", max = "50")
    int min_free_percent() default 5;

    @AttributeDefinition(name = "Memory for drafts", description = "Octets that messages being received may hold in memory, all "
            + "together; beyond that even small ones go to files. Default 0: an eighth of the heap.", min = "0")
    long draft_memory() default 0;
}
