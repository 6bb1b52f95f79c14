package org.staffetta.spool.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Entry;

/** A journal that was cut, or of which single octets changed. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class DamageTest {

    private static final Settings SETTINGS = new Settings(16 << 10, 2000, 0, 0, 1 << 20, Duration.ofMillis(1));
    private static final Recipient ANN = new Recipient(Address.parse("ann@example.org"));
    private static final Recipient BEN = new Recipient(Address.parse("ben@example.org"));
    private static final String JOURNAL = Segment.name(1);

    private final Map<String, String> bodies = new HashMap<>();
    private final List<String> ids = new ArrayList<>();
    private final List<String> alarms = Collections.synchronizedList(new ArrayList<>());
    private byte[] journal = new byte[0];
    private int end;

    @BeforeEach
    void writeASmallJournal() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        try (FileSpool spool = open(disk)) {
            for (int i = 0; i < 6; i++) {
                ids.add(put(spool, "body number " + i + " ".repeat(i * 10)));
            }
            try (Claim claim = spool.claim(ids.get(1)).orElseThrow()) {
                claim.update(List.of(ANN), List.of());
            }
            try (Claim claim = spool.claim(ids.get(2)).orElseThrow()) {
                claim.update(List.of(ANN, BEN), List.of());
            }
            end = spool.index().segments().last().end;
        }
        journal = disk.content(JOURNAL);
    }

    private FileSpool open(Disk disk) throws IOException {
        return FileSpool.open(disk, () -> SETTINGS, InstantSource.system(), alarms::add);
    }

    private String put(FileSpool spool, String body) throws IOException {
        try (Draft draft = spool.draft()) {
            draft.body().write(body.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            draft.commit(new Envelope(Address.NULL, List.of(ANN, BEN), Map.of()), Ledger.HEADERS, Map.of());
            bodies.put(draft.id(), body);
            return draft.id();
        }
    }

    private static List<Entry> all(FileSpool spool) {
        try (Stream<Entry> entries = spool.entries()) {
            return entries.toList();
        }
    }

    private void requireGoodBodies(List<Entry> entries) throws IOException {
        for (Entry entry : entries) {
            try (InputStream body = entry.message().openBody()) {
                assertThat(new String(body.readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .isEqualTo(bodies.get(entry.id()));
            }
        }
    }

    private FileSpool reopened(byte[] content) throws IOException {
        alarms.clear();
        MemoryDisk disk = new MemoryDisk();
        disk.put(JOURNAL, content);
        return open(disk);
    }

    @Test
    void cut_at_every_octet_it_opens_with_all_that_was_whole() throws IOException {
        int most = 0;
        for (int length = 0; length <= end; length++) {
            try (FileSpool spool = reopened(Arrays.copyOf(journal, length))) {
                List<Entry> entries = all(spool);
                requireGoodBodies(entries);
                assertThat(entries.size()).as("cut at %d", length).isBetween(0, 6);
                most = Math.max(most, entries.size());
                assertThat(put(spool, "new")).as("a new id").isNotIn(ids);
            }
        }
        assertThat(most).isEqualTo(6);
    }

    @Test
    void zeros_in_place_of_the_tail_are_the_end() throws IOException {
        for (int length = 0; length <= end; length += 7) {
            byte[] zeroed = journal.clone();
            Arrays.fill(zeroed, length, zeroed.length, (byte) 0);
            try (FileSpool spool = reopened(zeroed)) {
                requireGoodBodies(all(spool));
            }
            assertThat(alarms).as("nobody was told that the tail is there").isEmpty();
        }
    }

    @Test
    void with_any_octet_changed_one_message_is_missed_at_most_and_somebody_is_told() throws IOException {
        for (int at = 0; at < end; at++) {
            byte[] flipped = journal.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            try (FileSpool spool = reopened(flipped)) {
                List<Entry> entries = all(spool);
                requireGoodBodies(entries);
                // one more if it was the removal that was hit: rather a copy too many
                assertThat(entries.size()).as("octet %d", at).isBetween(4, 6);
                List<String> missing = new ArrayList<>(ids);
                entries.forEach(entry -> missing.remove(entry.id()));
                missing.remove(ids.get(2));
                assertThat(missing).as("octet %d", at).hasSizeLessThanOrEqualTo(1);
                if (!missing.isEmpty()) {
                    assertThat(alarms).as("octet %d", at).hasSize(1).first().asString().contains(JOURNAL);
                }
            }
        }
    }

    @Test
    void a_damaged_file_is_kept_aside() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        byte[] flipped = journal.clone();
        flipped[end / 2] ^= 1;
        disk.put(JOURNAL, flipped);
        open(disk).close();
        assertThat(disk.list()).contains("quarantine-" + JOURNAL).doesNotContain(JOURNAL);
        assertThat(disk.content("quarantine-" + JOURNAL)).isEqualTo(flipped);
        alarms.clear();
        try (FileSpool again = open(disk)) {
            assertThat(all(again)).hasSizeGreaterThanOrEqualTo(4);
            assertThat(alarms).isEmpty();
        }
    }

    @Test
    void a_message_that_rots_while_the_server_runs_is_never_given_out() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        try (FileSpool spool = open(disk)) {
            String id = put(spool, "x".repeat(1000));
            Entry entry = spool.find(id).orElseThrow();
            byte[] rotten = disk.content(JOURNAL);
            rotten[spool.index().find(QueueId.parse(id)).offset + 700] ^= 4;
            try (DiskFile file = disk.open(JOURNAL)) {
                file.write(ByteBuffer.wrap(rotten), 0);
            }
            assertThatThrownBy(entry.message()::open).isInstanceOf(IOException.class).hasMessageContaining(id);
            assertThatThrownBy(() -> spool.claim(id)).isInstanceOf(IOException.class);
            assertThat(all(spool)).isEmpty();
        }
    }

    @Test
    void a_big_body_that_rots_is_not_read_to_its_end() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        try (FileSpool spool = open(disk)) {
            String id = put(spool, "y".repeat(200_000));
            try (DiskFile file = disk.open("body-" + id)) {
                file.write(ByteBuffer.wrap(new byte[]{'z'}), 150_000);
            }
            try (InputStream body = spool.find(id).orElseThrow().message().openBody()) {
                assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
            }
            disk.delete("body-" + id);
            Entry entry = spool.find(id).orElseThrow();
            assertThatThrownBy(entry.message()::openBody).isInstanceOf(IOException.class);
        }
        alarms.clear();
        open(disk).close();
        assertThat(alarms).hasSize(1).first().asString().contains("missing");
    }

    @Test
    void a_record_inside_of_a_message_is_not_taken_for_one() throws IOException {
        // what a sender could know: everything but the salt
        MemoryDisk disk = new MemoryDisk();
        String victim;
        try (FileSpool spool = open(disk)) {
            StringBuilder body = new StringBuilder();
            for (int offset = 0; offset < 1000; offset++) {
                ByteBuffer forged = ByteBuffer.allocate(RecordHeader.SIZE);
                new RecordHeader(4711, RecordType.REMOVED, false, 0, 1, offset, 0, 99, 1, 0).write(forged);
                body.append(new String(forged.array(), java.nio.charset.StandardCharsets.ISO_8859_1));
            }
            victim = put(spool, body.substring(0, 1900));
            put(spool, "another");
        }
        byte[] content = disk.content(JOURNAL);
        int offset = 0;
        while (offset >= 0 && content[offset + 16] != RecordType.MESSAGE.number()) {
            offset += RecordHeader.SIZE + ByteBuffer.wrap(content).getInt(offset + 12);
        }
        content[offset + 20] ^= 1;
        try (FileSpool spool = reopened(content)) {
            assertThat(all(spool)).hasSize(1).extracting(Entry::id).doesNotContain(victim);
        }
    }

    @Test
    void orphaned_bodies_are_removed_and_foreign_files_are_not() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        disk.put("body-0000000042", new byte[10]);
        disk.put("journal-notes.txt", new byte[10]);
        disk.put("README", new byte[10]);
        open(disk).close();
        assertThat(disk.list()).contains("journal-notes.txt", "README").doesNotContain("body-0000000042");
    }
}
