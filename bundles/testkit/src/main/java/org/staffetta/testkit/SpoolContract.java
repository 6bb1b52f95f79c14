package org.staffetta.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Pending;
import org.staffetta.api.spool.Spool;

/** What every spool must do. A test of a spool extends it and says how to open one. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
public abstract class SpoolContract extends SpoolExchangeContract {

    private static Entry entry(Spool spool, String id) throws IOException {
        return spool.find(id).orElseThrow();
    }

    private static Pending retry(Recipient recipient, int attempts, Instant next, String reply) {
        return new Pending(recipient, attempts, next, reply);
    }

    @Test
    void a_committed_message_is_found_as_it_came() throws IOException {
        byte[] body = body(5000);
        String id = put(spool(), body, Map.of("client", "192.0.2.1", "helo", "münchen.example"));
        Entry entry = entry(spool(), id);
        assertThat(entry.id()).isEqualTo(id).matches("[0-9A-Za-z]+");
        assertThat(entry.arrival()).isEqualTo(START);
        assertThat(entry.envelope()).isEqualTo(ENVELOPE);
        assertThat(entry.pending()).containsExactly(Pending.first(ANN), Pending.first(BEN));
        assertThat(entry.held()).isEmpty();
        assertThat(entry.attributes()).isEqualTo(Map.of("client", "192.0.2.1", "helo", "münchen.example"));
        assertThat(entry.message().headers()).isEqualTo(HEADERS);
        assertThat(entry.message().size()).isEqualTo(whole(body).length);
        assertThat(octets(entry.message())).isEqualTo(whole(body));
        try (InputStream again = entry.message().openBody()) {
            assertThat(again.readAllBytes()).isEqualTo(body);
        }
    }

    @Test
    void bodies_of_all_sizes_come_back_octet_for_octet() throws IOException {
        for (int size : new int[]{0, 1, 2, 65535, 65536, 65537, 262143, 262144, 262145, 400_000, 1 << 20}) {
            byte[] body = body(size);
            String id = put(spool(), body);
            assertThat(octets(entry(spool(), id).message())).as("size %d", size).isEqualTo(whole(body));
        }
        for (Entry entry : all(reopen())) {
            assertThat(octets(entry.message())).isEqualTo(whole(body((int) bodySize(entry))));
        }
    }

    @Test
    void a_body_written_octet_by_octet_is_the_same() throws IOException {
        byte[] body = body(300_000);
        try (Draft draft = spool().draft()) {
            try (OutputStream out = draft.body()) {
                for (byte octet : body) {
                    out.write(octet);
                }
            }
            draft.commit(ENVELOPE, HEADERS, Map.of());
            assertThat(octets(entry(spool(), draft.id()).message())).isEqualTo(whole(body));
        }
    }

    @Test
    void a_draft_shows_its_message_before_it_is_committed() throws IOException {
        for (int size : new int[]{10, 200_000, 300_000}) {
            try (Draft draft = spool().draft()) {
                byte[] body = body(size);
                draft.body().write(body, 0, size / 2);
                assertThat(draft.message(HEADERS).size()).isEqualTo(whole(new byte[0]).length + size / 2);
                assertThat(octets(draft.message(HEADERS))).isEqualTo(whole(Arrays.copyOf(body, size / 2)));
                draft.body().write(body, size / 2, size - size / 2);
                Message message = draft.message(HEADERS);
                assertThat(octets(message)).isEqualTo(whole(body));
                assertThat(octets(message)).as("again").isEqualTo(whole(body));
                draft.commit(ENVELOPE, HEADERS, Map.of());
                assertThat(octets(entry(spool(), draft.id()).message())).isEqualTo(whole(body));
            }
        }
    }

    @Test
    void a_draft_closed_without_commit_leaves_no_trace() throws IOException {
        for (int size : new int[]{10, 1 << 20}) {
            try (Draft draft = spool().draft()) {
                draft.body().write(body(size));
                assertThat(spool().find(draft.id())).isEmpty();
            }
        }
        assertThat(spool().size()).isZero();
        assertThat(all(reopen())).isEmpty();
    }

    @Test
    void a_draft_is_committed_once_and_only_while_open() throws IOException {
        Draft draft = spool().draft();
        draft.commit(ENVELOPE, HEADERS, Map.of());
        assertThatThrownBy(() -> draft.commit(ENVELOPE, HEADERS, Map.of())).isInstanceOf(IllegalStateException.class);
        draft.close();
        assertThat(spool().size()).isOne();
        Draft closed = spool().draft();
        closed.close();
        assertThatThrownBy(() -> closed.commit(ENVELOPE, HEADERS, Map.of())).isInstanceOf(IllegalStateException.class);
        try (Draft nobody = spool().draft()) {
            Envelope empty = ENVELOPE.withRecipients(List.of());
            assertThatThrownBy(() -> nobody.commit(empty, HEADERS, Map.of()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(spool().size()).isOne();
    }

    @Test
    void all_is_there_after_a_restart() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            ids.add(put(spool(), body(i * 100)));
        }
        try (Claim claim = spool().claim(ids.get(7)).orElseThrow()) {
            claim.update(List.of(ANN), List.of(retry(BEN, 1, START.plusSeconds(60), "451 4.2.1 busy")));
        }
        try (Claim claim = spool().claim(ids.get(8)).orElseThrow()) {
            claim.update(List.of(ANN, BEN), List.of());
        }
        Spool again = reopen();
        assertThat(again.size()).isEqualTo(49);
        ids.remove(8);
        assertThat(all(again)).extracting(Entry::id).containsExactlyElementsOf(ids);
        assertThat(entry(again, ids.get(7)).pending())
                .containsExactly(retry(BEN, 1, START.plusSeconds(60), "451 4.2.1 busy"));
        assertThat(octets(entry(again, ids.get(7)).message())).isEqualTo(whole(body(700)));
    }

    @Test
    void updates_take_recipients_away_change_and_add_them() throws Exception {
        Recipient cem = new Recipient(Address.parse("cem@example.com"));
        String id = put(spool(), body(10));
        try (Claim claim = spool().take()) {
            claim.update(List.of(), List.of(retry(BEN, 1, START.plusSeconds(9), "450 4.2.0 later")));
            claim.update(List.of(ANN), List.of(Pending.first(cem)));
            assertThat(claim.entry().pending()).containsExactly(retry(BEN, 1, START.plusSeconds(9), "450 4.2.0 later"),
                    Pending.first(cem));
            assertThat(entry(spool(), id).pending()).isEqualTo(claim.entry().pending());
        }
        assertThat(entry(reopen(), id).pending()).containsExactly(
                retry(BEN, 1, START.plusSeconds(9), "450 4.2.0 later"),
                Pending.first(cem));
    }

    @Test
    void many_updates_of_many_recipients_add_up() throws Exception {
        List<Recipient> many = IntStream.range(0, 200)
                .mapToObj(i -> new Recipient(Address.parse("user" + i + "@example.org"))).toList();
        String id;
        try (Draft draft = spool().draft()) {
            draft.commit(ENVELOPE.withRecipients(many), HEADERS, Map.of());
            id = draft.id();
        }
        try (Claim claim = spool().take()) {
            for (int i = 0; i < 100; i++) {
                claim.update(List.of(many.get(i)), List.of(retry(many.get(199 - i), i, START.plusSeconds(i), "4" + i)));
            }
        }
        List<Pending> left = entry(spool(), id).pending();
        assertThat(left).hasSize(100).allSatisfy(one -> assertThat(one.lastReply()).startsWith("4"));
        assertThat(entry(reopen(), id).pending()).isEqualTo(left);
    }

    @Test
    void an_entry_without_pending_recipients_is_gone_for_good() throws Exception {
        for (int size : new int[]{100, 1 << 20}) {
            String id = put(spool(), body(size));
            Message message = entry(spool(), id).message();
            Claim claim = spool().take();
            claim.update(List.of(ANN, BEN), List.of());
            claim.close();
            assertThat(spool().find(id)).isEmpty();
            assertThat(spool().claim(id)).isEmpty();
            assertThat(spool().size()).isZero();
            assertThatThrownBy(message::open).isInstanceOf(IOException.class);
        }
        assertThat(all(reopen())).isEmpty();
    }

    @Test
    void take_gives_what_has_been_due_for_longest() throws Exception {
        String first = put(spool(), body(1));
        setClock(START.plusSeconds(1));
        String second = put(spool(), body(1));
        setClock(START.plusSeconds(2));
        String third = put(spool(), body(1));
        postponeUntil(first, START.plusSeconds(30));
        setClock(START.plusSeconds(40));
        String fourth = put(spool(), body(1));
        assertThat(List.of(takeId(), takeId(), takeId(), takeId())).containsExactly(second, third, first, fourth);
    }

    @Test
    void take_waits_until_something_is_due() throws Exception {
        CompletableFuture<String> taken = takeLater();
        assertThat(taken).isNotDone();
        String id = put(spool(), body(1));
        assertThat(taken.get(1, TimeUnit.MINUTES)).isEqualTo(id);
        spool();
        String other = put(spool(), body(1));
        postponeUntil(other, START.plusSeconds(100));
        CompletableFuture<String> later = takeLater();
        assertThatThrownBy(() -> later.get(200, TimeUnit.MILLISECONDS)).as("not due")
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        setClock(START.plusSeconds(100));
        assertThat(later.get(1, TimeUnit.MINUTES)).isEqualTo(other);
    }

    @Test
    void take_ends_with_an_interrupt() throws Exception {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Spool spool = spool();
        Thread taker = Thread.ofVirtual().start(() -> {
            try {
                spool.take();
            } catch (InterruptedException e) {
                thrown.complete(e);
            }
        });
        taker.interrupt();
        assertThat(thrown.get(1, TimeUnit.MINUTES)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void nobody_else_has_what_is_claimed() throws Exception {
        String id = put(spool(), body(1));
        Claim claim = spool().take();
        assertThat(spool().claim(id)).isEmpty();
        assertThat(spool().find(id)).isPresent();
        claim.close();
        Claim second = spool().claim(id).orElseThrow();
        claim.close();
        assertThat(spool().claim(id)).as("a closed claim closed again").isEmpty();
        second.close();
        assertThat(takeId()).isEqualTo(id);
    }

    @Test
    void closing_a_claim_changes_nothing_durable() throws Exception {
        String id = put(spool(), body(1));
        spool().take().close();
        spool().take().postpone(START.plusSeconds(500));
        assertThat(entry(spool(), id).pending()).containsExactly(Pending.first(ANN), Pending.first(BEN));
        assertThat(reopen().take().entry().id()).as("postponed in memory only").isEqualTo(id);
    }

    @Test
    void claimed_entries_wait_again_after_a_restart() throws Exception {
        String id = put(spool(), body(1));
        spool().take();
        assertThat(reopen().take().entry().id()).isEqualTo(id);
    }

    @Test
    void a_claimed_entry_is_due_at_its_earliest_attempt() throws Exception {
        String id = put(spool(), body(1));
        try (Claim claim = spool().take()) {
            claim.update(List.of(),
                    List.of(retry(ANN, 1, START.plusSeconds(60), ""), retry(BEN, 1, START.plusSeconds(30), "")));
        }
        String other = put(spool(), body(1));
        reopen();
        assertThat(takeId()).isEqualTo(other);
        CompletableFuture<String> later = takeLater();
        setClock(START.plusSeconds(29));
        assertThatThrownBy(() -> later.get(1200, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        setClock(START.plusSeconds(30));
        assertThat(later.get(1, TimeUnit.MINUTES)).isEqualTo(id);
    }

    @Test
    void held_entries_are_never_taken() throws Exception {
        String held = put(spool(), body(1), Map.of(Entry.HOLD, "smells of spam"));
        String free = put(spool(), body(1));
        assertThat(entry(spool(), held).held()).isEqualTo("smells of spam");
        assertThat(takeId()).isEqualTo(free);
        reopen();
        assertThat(takeId()).isEqualTo(free);
        try (Claim claim = spool().claim(held).orElseThrow()) {
            claim.hold("");
            assertThat(claim.entry().held()).isEmpty();
        }
        assertThat(takeId()).isEqualTo(held);
    }

    @Test
    void an_entry_is_held_when_its_claim_is_closed_and_stays_so() throws Exception {
        String id = put(spool(), body(1));
        try (Claim claim = spool().take()) {
            claim.hold("look at me");
        }
        String next = put(spool(), body(1));
        assertThat(takeId()).isEqualTo(next);
        assertThat(entry(reopen(), id).held()).isEqualTo("look at me");
        assertThat(takeId()).isEqualTo(next);
    }

    @Test
    void far_away_moments_do_no_harm() throws Exception {
        String id = put(spool(), body(1));
        try (Claim claim = spool().take()) {
            claim.update(List.of(), List.of(retry(ANN, 1, Instant.MAX, ""), retry(BEN, 1, Instant.MAX, "")));
        }
        put(spool(), body(1));
        takeId();
        assertThat(entry(reopen(), id).pending()).extracting(Pending::nextAttempt).containsOnly(Instant.MAX);
    }

    @Test
    void ids_are_never_used_twice_and_rise_whatever_the_clock_says() throws Exception {
        List<String> ids = new ArrayList<>();
        for (Duration jump : List.of(Duration.ZERO, Duration.ofDays(-3650), Duration.ofDays(3650))) {
            setClock(START.plus(jump));
            for (int i = 0; i < 10; i++) {
                try (Draft forgotten = spool().draft()) {
                    ids.add(forgotten.id());
                }
                ids.add(put(spool(), body(1)));
            }
            reopen();
        }
        assertThat(ids).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void an_unknown_id_is_no_entry() throws IOException {
        for (String id : List.of("", "nonsense", "../../etc/passwd", "0000000000", "ZZZZZZZZZZ", "0".repeat(5000))) {
            assertThat(spool().find(id)).isEmpty();
            assertThat(spool().claim(id)).isEmpty();
        }
    }

    @Test
    void entries_are_oldest_first_and_may_change_meanwhile() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            ids.add(put(spool(), body(10)));
        }
        Set<String> removed = new HashSet<>();
        List<String> seen = new ArrayList<>();
        try (Stream<Entry> entries = spool().entries()) {
            for (Entry entry : (Iterable<Entry>) entries::iterator) {
                seen.add(entry.id());
                if (seen.size() == 20) {
                    for (int i = 50; i < 60; i++) {
                        removed.add(takeAndRemove(ids.get(i)));
                    }
                }
            }
        }
        assertThat(seen).isSorted().containsAll(ids.subList(0, 50)).containsAll(ids.subList(60, 100));
        assertThat(spool().size()).isEqualTo(90);
        assertThat(removed).hasSize(10);
    }

    @Test
    void a_clock_set_back_hides_nothing_for_ever() throws Exception {
        setClock(START.plus(1, ChronoUnit.HOURS));
        String id = put(spool(), body(1));
        setClock(START);
        reopen();
        setClock(START.plus(1, ChronoUnit.HOURS));
        assertThat(takeId()).isEqualTo(id);
    }

    private String takeAndRemove(String id) throws IOException {
        try (Claim claim = spool().claim(id).orElseThrow()) {
            claim.update(List.of(ANN, BEN), List.of());
        }
        return id;
    }

    private void postponeUntil(String id, Instant moment) throws IOException {
        spool().claim(id).orElseThrow().postpone(moment);
    }

    private String takeId() throws Exception {
        return takeLater().get(1, TimeUnit.MINUTES);
    }

    private CompletableFuture<String> takeLater() throws IOException {
        CompletableFuture<String> taken = new CompletableFuture<>();
        Spool spool = spool();
        Thread.ofVirtual().start(() -> {
            try {
                taken.complete(spool.take().entry().id());
            } catch (InterruptedException | RuntimeException e) {
                taken.completeExceptionally(e);
            }
        });
        return taken;
    }

    private static long bodySize(Entry entry) {
        return entry.message().size() - whole(new byte[0]).length;
    }
}
