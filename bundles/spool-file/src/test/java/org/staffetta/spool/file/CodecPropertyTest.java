package org.staffetta.spool.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Pending;

/** What is written is what is read, and whatever is read does no harm. */
class CodecPropertyTest {

    private static final Payload.Standing STANDING = new Payload.Standing(42, true);

    @Provide
    Arbitrary<String> text() {
        return Arbitraries.strings().withCharRange(' ', '\ud7ff').ofMaxLength(40);
    }

    @Provide
    Arbitrary<Map<String, String>> parameters() {
        return Arbitraries.maps(text(), text()).ofMaxSize(4);
    }

    @Provide
    Arbitrary<Recipient> recipient() {
        Arbitrary<String> local = Arbitraries.strings().withCharRange('!', '~').withChars("äß中")
                .ofMinLength(1).ofMaxLength(15);
        Arbitrary<String> domain = Arbitraries.of("example.org", "münchen.example", "[192.0.2.1]", "a.b.c.test");
        return Combinators.combine(local, domain, parameters())
                .as((name, at, more) -> new Recipient(new Address(name, at), more));
    }

    @Provide
    Arbitrary<Instant> instant() {
        return Combinators
                .combine(Arbitraries.longs().between(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()),
                        Arbitraries.integers().between(0, 999_999_999))
                .as(Instant::ofEpochSecond);
    }

    @Provide
    Arbitrary<List<Pending>> pending() {
        return Combinators.combine(recipient(), Arbitraries.integers().greaterOrEqual(0), instant(), text())
                .as(Pending::new).list().ofMaxSize(5);
    }

    @Provide
    Arbitrary<Payload.Accepted> accepted() {
        Arbitrary<Header> header = Arbitraries.strings().withCharRange(' ', '\u00ff').ofMaxLength(60)
                .map(value -> new Header("X-Test: " + value));
        Arbitrary<Envelope> envelope = Combinators.combine(recipient().list().ofMinSize(1).ofMaxSize(5), parameters())
                .as((to, parameters) -> new Envelope(Address.NULL, to, parameters));
        return Combinators
                .combine(instant(), text(), envelope, parameters(), header.list().ofMaxSize(5),
                        Arbitraries.longs().greaterOrEqual(0))
                .as((arrival, held, of, attributes, headers, size) -> new Payload.Accepted(arrival, held, of,
                        attributes, headers, size, ByteBuffer.allocate(0)));
    }

    @Property(tries = 300)
    void a_message_survives(@ForAll("accepted") Payload.Accepted message) throws IOException {
        ByteBuffer payload = Payload.accepted(STANDING, message);
        assertThat(Payload.accepted(RecordType.MESSAGE, payload)).isEqualTo(message);
        assertThat(Payload.Standing.read(payload)).isEqualTo(STANDING);
    }

    @Property(tries = 300)
    void a_copy_survives(@ForAll("accepted") Payload.Accepted message, @ForAll("pending") List<Pending> pending,
            @ForAll("text") String origin) throws IOException {
        Payload.Copied copy = new Payload.Copied("0T42AXD5K0", origin, pending);
        ByteBuffer payload = Payload.copied(STANDING, copy, message);
        assertThat(Payload.accepted(RecordType.COPY, payload)).isEqualTo(message);
        assertThat(Payload.Copied.read(payload)).isEqualTo(copy);
        assertThat(Payload.Standing.read(payload)).isEqualTo(STANDING);
    }

    @Property(tries = 300)
    void a_segments_first_record_survives(@ForAll("text") String identity, @ForAll long limit,
            @ForAll int cut) throws IOException {
        SegmentStart start = new SegmentStart(identity, limit, Map.of(cut, 4711));
        assertThat(SegmentStart.read(start.toAppend().payload.getFirst())).isEqualTo(start);
    }

    @Example
    void a_segment_of_a_server_that_knew_of_no_identity_is_read() throws IOException {
        ByteBuffer old = new Encoder().octet(1).int64(42).number(0).toBuffer();
        assertThat(SegmentStart.read(old)).isEqualTo(new SegmentStart("", 42, Map.of()));
    }

    @Property(tries = 300)
    void an_update_and_a_state_survive(@ForAll("pending") List<Pending> pending, @ForAll("text") String held)
            throws IOException {
        Payload.Update update = new Payload.Update(pending.stream().map(Pending::recipient).toList(), pending);
        assertThat(Payload.update(Payload.update(STANDING, update))).isEqualTo(update);
        Payload.State state = new Payload.State(held, pending);
        assertThat(Payload.state(Payload.state(STANDING, state))).isEqualTo(state);
        assertThat(Payload.hold(Payload.hold(STANDING, held))).isEqualTo(held);
    }

    @Property(tries = 500)
    void a_header_survives_and_any_change_of_it_is_noticed(@ForAll long salt, @ForAll RecordType type,
            @ForAll @IntRange(max = RecordHeader.MAX_PAYLOAD) int length, @ForAll int number, @ForAll long id,
            @ForAll @IntRange(max = RecordHeader.SIZE * 8 - 1) int bit) {
        RecordHeader header = new RecordHeader(salt, type, number % 2 == 0, length, number, length, number, id, id,
                number);
        ByteBuffer buffer = ByteBuffer.allocate(RecordHeader.SIZE + 3);
        buffer.position(3);
        header.write(buffer);
        assertThat(RecordHeader.read(buffer, 3)).isEqualTo(header);
        buffer.array()[3 + bit / 8] ^= (byte) (1 << bit % 8);
        assertThat(RecordHeader.read(buffer, 3)).isNull();
    }

    @Property(tries = 2000)
    void any_octets_are_a_payload_or_a_corrupt_one(@ForAll @Size(max = 200) byte[] octets) {
        ByteBuffer payload = ByteBuffer.wrap(octets);
        List<Reading> readings = List.of(octet -> Payload.accepted(RecordType.BIG_MESSAGE, octet),
                octet -> Payload.accepted(RecordType.COPY, octet), Payload.Copied::read, Payload::update,
                Payload::state, Payload::hold,
                SegmentStart::read, Payload.Standing::read);
        for (Reading reading : readings) {
            assertThatCode(() -> tolerate(reading, payload)).doesNotThrowAnyException();
        }
    }

    private interface Reading {
        Object from(ByteBuffer payload) throws IOException;
    }

    private static void tolerate(Reading reading, ByteBuffer payload) throws IOException {
        try {
            reading.from(payload);
        } catch (CorruptRecordException expected) {
            assertThat(expected).hasMessageMatching("(?s).+");
        }
    }

    @Property(tries = 300)
    void a_segment_of_any_octets_has_no_records(@ForAll @Size(max = 5000) byte[] octets) throws IOException {
        MemoryDisk disk = new MemoryDisk();
        disk.put("any", octets);
        try (DiskFile file = disk.open("any")) {
            int end = new SegmentScanner(file, 1, Integer.MAX_VALUE, new SegmentScanner.Visitor() {
                @Override
                public void record(RecordHeader header, ByteBuffer payload) {
                    throw new AssertionError(header);
                }

                @Override
                public void spoiled(RecordHeader header) {
                    throw new AssertionError(header);
                }

                @Override
                public void gap(int from, int to) {
                    assertThat(from).isLessThan(to);
                }
            }).scan();
            assertThat(end).isZero();
        }
    }

    @Property(tries = 100)
    void a_record_is_found_behind_any_number_of_zeros_and_other_octets(
            @ForAll @IntRange(max = 3 << 20) int zeros, @ForAll @Size(max = 100) byte[] others) throws IOException {
        int at = zeros + others.length;
        byte[] octets = new byte[at + RecordHeader.SIZE + 1000];
        System.arraycopy(others, 0, octets, zeros, others.length);
        new RecordHeader(7, RecordType.HOLD, false, 0, 1, at, 2, 3, 4, Checksum.of(ByteBuffer.allocate(0)))
                .write(ByteBuffer.wrap(octets).position(at));
        MemoryDisk disk = new MemoryDisk();
        disk.put("any", octets);
        List<String> found = new ArrayList<>();
        try (DiskFile file = disk.open("any")) {
            int end = new SegmentScanner(file, 1, Integer.MAX_VALUE, new SegmentScanner.Visitor() {
                @Override
                public void record(RecordHeader header, ByteBuffer payload) {
                    found.add("record " + header.offset());
                }

                @Override
                public void spoiled(RecordHeader header) {
                    found.add("spoiled");
                }

                @Override
                public void gap(int from, int to) {
                    found.add("gap " + from + " " + to);
                }
            }).scan();
            assertThat(end).isEqualTo(at + RecordHeader.SIZE);
        }
        boolean gap = IntStream.range(0, others.length).anyMatch(i -> others[i] != 0);
        assertThat(found).isEqualTo(gap ? List.of("gap 0 " + at, "record " + at) : List.of("record " + at));
    }

    @Property
    void a_queue_id_is_its_number(@ForAll @LongRange(min = 0, max = (1L << 50) - 2) long number) {
        assertThat(QueueId.parse(QueueId.format(number))).isEqualTo(number);
        assertThat(QueueId.format(number)).matches("[0-9A-Z]{10}").isLessThan(QueueId.format(number + 1));
    }

    @Property(tries = 200)
    void the_heap_gives_what_is_due_first_whatever_came_and_went(
            @ForAll @Size(min = 1, max = 300) List<@IntRange(max = 50) Integer> steps) {
        DueHeap heap = new DueHeap();
        TreeSet<Slot> model = new TreeSet<>(
                Comparator.comparingLong((Slot slot) -> slot.due).thenComparingLong(slot -> slot.number));
        long number = 0;
        for (int step : steps) {
            if (step < 30 || model.isEmpty()) {
                Slot slot = Slot.of(number++, false);
                slot.due = step % 10;
                heap.add(slot);
                model.add(slot);
            } else {
                Slot gone = step < 40
                        ? model.first()
                        : model.stream().skip(step % model.size()).findFirst().orElseThrow();
                heap.remove(gone);
                heap.remove(gone);
                model.remove(gone);
            }
            assertThat(heap.first()).isSameAs(model.isEmpty() ? null : model.first());
        }
    }
}
