package org.staffetta.spool.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.staffetta.api.spool.Pending;
import org.staffetta.spool.file.Payload.Accepted;

/** Whatever stands in a journal, a restart reads the records that are whole and comes to an end; it neither throws nor takes more memory than the file has. */
class JournalFuzzTest {

    private static final int SEGMENT = 1;

    /** What a scan found: the records, and how much of the file each of its finds is. */
    private record Found(List<RecordHeader> headers, List<byte[]> payloads, List<Integer> spoiled, int octets,
            int end) {}

    /** The input is the file. Records that do not overlap make it up, and what is in between is none. */
    @FuzzTest
    void any_octets_are_records_and_gaps(byte[] octets) throws IOException {
        requireSound(octets, scan(octets));
        recover(octets);
    }

    /**
     * The input tells what records there are: each has an octet for the type, one for the flags, and two for the length; their headers and checksums are put
     * right, so that what is inside is believed.
     */
    @FuzzTest
    void records_with_anything_inside_are_read_or_left_out(byte[] octets) throws IOException {
        byte[] file = file(octets);
        Found found = scan(file);
        requireSound(file, found);
        assertThat(found.spoiled()).isEmpty();
        assertThat(found.end()).isEqualTo(file.length);
        Index index;
        try {
            index = recover(file);
        } catch (CorruptRecordException unknown) {
            // a segment of another server, perhaps: whoever does not understand it leaves it alone
            assertThat(found.headers().getFirst().type()).isEqualTo(RecordType.SEGMENT);
            return;
        }
        EntryReader reader = new EntryReader(disk(file), index);
        for (Slot slot : List.copyOf(index.slots())) {
            try {
                StoredEntry entry = reader.read(slot);
                if (entry != null) {
                    assertThat(entry.id()).isEqualTo(slot.id());
                    entry.message().open().close();
                }
            } catch (CorruptRecordException damaged) {
                assertThat(damaged.getMessage()).isNotEmpty();
            } catch (IOException missing) {
                assertThat(missing.getMessage()).isNotEmpty();
            }
        }
    }

    /** The input is a payload, behind an octet that tells of what record. What is read of it is written as the same. */
    @FuzzTest
    void a_payload_that_was_read_is_written_as_the_same(byte[] octets) {
        if (octets.length == 0) {
            return;
        }
        RecordType type = RecordType.of(octets[0] % 12);
        ByteBuffer payload = ByteBuffer.wrap(Arrays.copyOfRange(octets, 1, octets.length));
        try {
            Payload.Standing standing = Payload.Standing.read(payload);
            switch (type) {
                case MESSAGE, BIG_MESSAGE -> requireSame(standing, Payload.accepted(type, payload));
                case COPY, BIG_COPY -> {
                    Payload.Copied copy = Payload.Copied.read(payload);
                    Accepted accepted = Payload.accepted(type, payload);
                    ByteBuffer written = Payload.copied(standing, copy, accepted);
                    assertThat(Payload.Copied.read(written)).isEqualTo(cut(copy));
                }
                case UPDATE -> {
                    Payload.Update update = Payload.update(payload);
                    assertThat(Payload.update(Payload.update(standing, update)).done()).isEqualTo(update.done());
                }
                case STATE -> {
                    Payload.State state = Payload.state(payload);
                    assertThat(Payload.state(Payload.state(standing, state)).held()).isEqualTo(state.held());
                }
                case HOLD -> {
                    String held = Payload.hold(payload);
                    assertThat(Payload.hold(Payload.hold(standing, held))).isEqualTo(held);
                }
                case HANDED_OVER -> Payload.handedOver(payload);
                case SEGMENT -> SegmentStart.read(payload);
                case null, default -> {
                    // nothing inside
                }
            }
        } catch (CorruptRecordException damaged) {
            assertThat(damaged.getMessage()).isNotEmpty();
        }
    }

    private static void requireSame(Payload.Standing standing, Accepted accepted) throws CorruptRecordException {
        Accepted again = Payload.accepted(RecordType.MESSAGE, Payload.accepted(standing, accepted));
        assertThat(again.arrival()).isEqualTo(accepted.arrival());
        assertThat(again.envelope()).isEqualTo(accepted.envelope());
        assertThat(again.headers()).isEqualTo(accepted.headers());
        assertThat(again.attributes()).isEqualTo(accepted.attributes());
        assertThat(again.held()).isEqualTo(accepted.held());
        assertThat(again.bodySize()).isEqualTo(accepted.bodySize());
    }

    // of a reply no more is written than people read
    private static Payload.Copied cut(Payload.Copied copy) {
        return new Payload.Copied(copy.id(), copy.origin(), copy.pending().stream().map(one -> {
            String reply = one.lastReply();
            return new Pending(one.recipient(), one.attempts(), one.nextAttempt(),
                    reply.length() > 1000 ? reply.substring(0, 1000) : reply);
        }).toList());
    }

    private static Found scan(byte[] octets) throws IOException {
        List<RecordHeader> headers = new ArrayList<>();
        List<byte[]> payloads = new ArrayList<>();
        List<Integer> spoiled = new ArrayList<>();
        int[] seen = {0};
        SegmentScanner.Visitor visitor = new SegmentScanner.Visitor() {
            @Override
            public void record(RecordHeader header, ByteBuffer payload) {
                byte[] copy = new byte[payload.remaining()];
                payload.get(copy);
                headers.add(header);
                payloads.add(copy);
                seen[0] += header.recordLength();
            }

            @Override
            public void spoiled(RecordHeader header) {
                spoiled.add(header.offset());
                seen[0] += header.recordLength();
            }

            @Override
            public void gap(int from, int to) {
                assertThat(to).isGreaterThan(from);
                seen[0] += to - from;
            }
        };
        try (DiskFile file = disk(octets).open(Segment.name(SEGMENT))) {
            int end = new SegmentScanner(file, SEGMENT, Integer.MAX_VALUE, visitor).scan();
            return new Found(headers, payloads, spoiled, seen[0], end);
        }
    }

    private static void requireSound(byte[] octets, Found found) {
        int end = 0;
        for (int i = 0; i < found.headers().size(); i++) {
            RecordHeader header = found.headers().get(i);
            assertThat(header.offset()).isGreaterThanOrEqualTo(end);
            end = header.offset() + header.recordLength();
            assertThat(end).isLessThanOrEqualTo(octets.length);
            byte[] payload = found.payloads().get(i);
            assertThat(payload).isEqualTo(Arrays.copyOfRange(octets, end - header.length(), end));
            assertThat(checksum(payload, 0, payload.length)).isEqualTo(header.checksum());
        }
        assertThat(found.octets()).isLessThanOrEqualTo(octets.length);
        assertThat(found.end()).isBetween(end, octets.length);
    }

    private static Index recover(byte[] octets) throws IOException {
        Index index = new Index(() -> Instant.EPOCH);
        List<String> alarms = new ArrayList<>();
        Recovery recovery = new Recovery(disk(octets), index, alarms::add);
        recovery.run();
        assertThat(index.size()).isLessThanOrEqualTo(octets.length / RecordHeader.SIZE);
        assertThat(recovery.foundDamage()).isEqualTo(!alarms.isEmpty());
        return index;
    }

    private static MemoryDisk disk(byte[] octets) {
        MemoryDisk disk = new MemoryDisk();
        disk.put(Segment.name(SEGMENT), octets);
        return disk;
    }

    private static byte[] file(byte[] octets) {
        ByteBuffer file = ByteBuffer.allocate(octets.length / 4 * RecordHeader.SIZE + octets.length);
        int at = 0;
        int number = 0;
        while (at + 4 <= octets.length) {
            int length = Math.min((octets[at + 2] & 0x0f) << 8 | octets[at + 3] & 0xff, octets.length - at - 4);
            RecordType type = RecordType.of(Math.floorMod(octets[at], 12));
            new RecordHeader(7, type == null ? RecordType.UPDATE : type, (octets[at + 1] & 1) != 0, length, SEGMENT,
                    file.position(), 0, number++, octets[at + 1] >> 1 & 3, checksum(octets, at + 4, length))
                    .write(file);
            file.put(octets, at + 4, length);
            at += 4 + length;
        }
        return Arrays.copyOf(file.array(), file.position());
    }

    private static int checksum(byte[] octets, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(octets, from, length);
        return (int) crc.getValue();
    }
}
