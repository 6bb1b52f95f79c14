package org.staffetta.spool.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Exchange;
import org.staffetta.api.spool.Spool;
import org.staffetta.api.spool.SpoolException;
import org.staffetta.api.spool.Tally;

/** The spool in one folder, from {@link #open} to {@link #close}. */
final class FileSpool implements Spool, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FileSpool.class);

    /** An entry that cannot be read is tried again after this. */
    private static final long UNREADABLE_MILLIS = TimeUnit.MINUTES.toMillis(5);

    private static final int IDENTITY_OCTETS = 16;

    private final Disk disk;
    private final Supplier<Settings> settings;
    private final InstantSource clock;
    private final Alarm alarm;
    private final Index index;
    private final EntryReader reader;
    private final FreeSpace freeSpace;
    private final DraftMemory draftMemory;
    private final Journal journal;
    private final QueueIds ids;
    private final String identity;
    private final Exchange exchange;
    private final Housekeeper housekeeper;

    private FileSpool(Disk disk, Supplier<Settings> settings, InstantSource clock, Alarm alarm, Index index,
            Recovery found) {
        this.disk = disk;
        this.settings = settings;
        this.clock = clock;
        this.alarm = alarm;
        this.index = index;
        this.reader = new EntryReader(disk, index);
        this.freeSpace = new FreeSpace(disk, settings, alarm, System::nanoTime);
        this.draftMemory = new DraftMemory(() -> settings.get().draftMemory());
        // a new folder begins where an old one that was thrown away cannot have come to: 16 messages a millisecond
        long firstId = found.idLimit() > 0 ? found.idLimit() : clock.millis() << 4;
        this.ids = new QueueIds(firstId, this::reserve);
        SecureRandom random = new SecureRandom();
        this.identity = found.identity().isEmpty() ? newIdentity(random) : found.identity();
        this.exchange = new FileExchange(this, index, reader, identity);
        Segments segments = new Segments(disk, found.lastSegment() + 1, () -> settings.get().segmentSize(), random);
        this.housekeeper = new Housekeeper(disk, index, segments, settings, alarm);
        BatchWriter writer = new BatchWriter(disk, segments, found.lastSequence() + 1, this::segmentStart, settings,
                housekeeper, alarm);
        this.journal = new Journal(writer, () -> settings.get().retry().toNanos());
        journal.start();
        housekeeper.start(writer, new Evacuation(disk, index, reader, journal, alarm));
        if (journal.refusal() == null) {
            orphans(found);
        }
    }

    /**
     * Reads what there is and begins to write.
     *
     * @param settings asked again and again
     * @throws IOException if the folder cannot be read or its names cannot be synced; storage that cannot be written is no reason
     */
    static FileSpool open(Disk disk, Supplier<Settings> settings, InstantSource clock, Alarm alarm) throws IOException {
        Index index = new Index(clock);
        Recovery recovery = new Recovery(disk, index, alarm);
        recovery.run();
        return new FileSpool(disk, settings, clock, alarm, index, recovery);
    }

    @Override
    public Draft draft() throws SpoolException {
        try {
            return new SpoolDraft(this, intake());
        } catch (IOException e) {
            throw Replies.of(e);
        }
    }

    @Override
    public Claim take() throws InterruptedException {
        while (true) {
            Slot slot = index.take();
            try {
                StoredEntry entry = reader.read(slot);
                if (entry != null) {
                    return new SpoolClaim(this, slot, entry);
                }
            } catch (IOException | RuntimeException e) {
                alarm.raise("message " + slot.id() + " cannot be read, it is tried again later: "
                        + e.getMessage());
                index.giveBack(slot, clock.millis() + UNREADABLE_MILLIS);
            }
        }
    }

    @Override
    public Optional<Claim> claim(String id) throws IOException {
        Slot slot = index.find(id);
        if (slot == null || !index.claim(slot)) {
            return Optional.empty();
        }
        StoredEntry entry = null;
        try {
            entry = reader.read(slot);
        } finally {
            if (entry == null) {
                index.giveBack(slot, Long.MIN_VALUE);
            }
        }
        return Optional.ofNullable(entry).map(known -> new SpoolClaim(this, slot, known));
    }

    @Override
    public Optional<Entry> find(String id) throws IOException {
        Slot slot = index.find(id);
        return slot == null ? Optional.empty() : Optional.ofNullable(reader.read(slot));
    }

    @Override
    public Stream<Entry> entries() {
        return index.slots().stream().filter(Slot::isEntry).map(this::readOrSkip).filter(Objects::nonNull)
                .map(Entry.class::cast);
    }

    @Override
    public long size() {
        return index.size();
    }

    @Override
    public Tally tally() {
        return index.tally();
    }

    @Override
    public Exchange exchange() {
        return exchange;
    }

    /** Writes what is under way and ends: who waits in {@link #take} is interrupted, drafts fail. */
    @Override
    public void close() {
        index.close();
        housekeeper.close();
        journal.close();
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    Index index() {
        return index;
    }

    /** Writes a record; false if it was not wanted any more. */
    boolean append(Append append) throws SpoolException {
        return journal.append(append);
    }

    /** A body and its record to come, and their number. */
    Intake intake() throws IOException {
        requireIntake();
        long number = ids.next();
        return new Intake(this, number, new DraftBody(disk, BodyFile.name(number), settings.get().smallBody(),
                draftMemory, freeSpace::isEnough));
    }

    /** Returns if something can be written now. */
    void requireWritable() throws SpoolException {
        if (journal.isBroken()) {
            throw Replies.broken();
        }
    }

    /** Returns if all that the index says is on the disk: what a start read of the last run may not be before it is copied. */
    void requireCertainty() throws SpoolException {
        if (journal.isBroken() || !index.segments().suspects().isEmpty()) {
            throw Replies.broken();
        }
    }

    /** Whether a message whose commit failed may yet be found by a restart. */
    boolean mayComeBack() {
        return journal.isBroken();
    }

    /** Returns if a new message can be taken in now. */
    void requireIntake() throws SpoolException {
        SpoolException refusal = journal.refusal();
        if (refusal != null) {
            throw refusal;
        }
        if (!freeSpace.isEnough()) {
            throw Replies.full();
        }
    }

    /** Removes the body of an entry that is gone. */
    void deleteBody(long number) {
        try {
            disk.delete(BodyFile.name(number));
        } catch (IOException e) {
            LOG.warn("{} could not be removed, the next start does it: {}", BodyFile.name(number), e.toString());
        }
    }

    private @Nullable StoredEntry readOrSkip(Slot slot) {
        try {
            return reader.read(slot);
        } catch (CorruptRecordException e) {
            LOG.warn("{}", e.getMessage());
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void reserve(long limit) throws IOException {
        ByteBuffer payload = new Encoder().int64(limit).toBuffer();
        append(new Append(Append.Purpose.PROGRESS, RecordType.RESERVE, 0, List.of(payload), spot -> {}));
    }

    private Append segmentStart() {
        Map<Integer, Integer> cuts = new TreeMap<>();
        for (Segment segment : index.segments().suspects()) {
            cuts.put(segment.number, segment.end);
        }
        return new SegmentStart(identity, ids.limit(), cuts).toAppend();
    }

    private static String newIdentity(SecureRandom random) {
        byte[] octets = new byte[IDENTITY_OCTETS];
        random.nextBytes(octets);
        return HexFormat.of().formatHex(octets);
    }

    private void orphans(Recovery found) {
        try {
            for (String orphan : found.orphans()) {
                if (found.foundDamage()) {
                    housekeeper.quarantine(orphan);
                } else {
                    disk.delete(orphan);
                }
            }
        } catch (IOException e) {
            alarm.raise("bodies without a message could not be removed, the next start tries again: " + e.getMessage());
        }
    }
}
