package org.staffetta.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Exchange;
import org.staffetta.api.spool.Exchange.Incoming;
import org.staffetta.api.spool.Exchange.Outgoing;
import org.staffetta.api.spool.Pending;
import org.staffetta.api.spool.Spool;
import org.staffetta.api.spool.Tally;

/** What every spool must do so that entries can come from other spools and go there. The first part of {@link SpoolContract}. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
public abstract class SpoolExchangeContract {

    private static final String ORIGIN = "other/0123abcd/K7";
    private static final String COPY = "main/4567ef/K9";
    private static final Recipient CEM = new Recipient(Address.parse("cem@example.com"),
            Map.of("ORCPT", "rfc822;c@x.test"));

    /** An entry of another spool. */
    private record Foreign(String id, Instant arrival, Envelope envelope, List<Pending> pending, String held,
            Map<String, String> attributes, Message message) implements Entry {

        Foreign withHeld(String reason) {
            return new Foreign(id, arrival, envelope, pending, reason, attributes, message);
        }

        Foreign withPending(List<Pending> others) {
            return new Foreign(id, arrival, envelope, others, held, attributes, message);
        }
    }

    private record Content(List<Header> headers, byte[] body) implements Message {

        @Override
        public long size() {
            return whole(body).length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(whole(body));
        }

        @Override
        public InputStream openBody() {
            return new ByteArrayInputStream(body);
        }
    }

    protected static final List<Header> HEADERS = List.of(new Header("Received: from a\r\n\tby b"),
            Header.of("Subject", "Grüße"));
    protected static final Recipient ANN = new Recipient(Address.parse("ann@example.org"), Map.of("NOTIFY", "NEVER"));
    protected static final Recipient BEN = new Recipient(Address.parse("\"b e n\"@example.org"));
    protected static final Envelope ENVELOPE = new Envelope(Address.parse("joe@example.net"), List.of(ANN, BEN),
            Map.of("RET", "HDRS", "SMTPUTF8", "", "REQUIRETLS", ""));
    protected static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

    private volatile Instant now = START;

    /** The clock that the spool must go by. */
    protected InstantSource clock() {
        return () -> now;
    }

    protected void setClock(Instant moment) {
        now = moment;
    }

    /** The spool under test; the same for the whole test. */
    protected abstract Spool spool() throws IOException;

    /** Closes the spool and opens it again, as a restart does. */
    protected abstract Spool reopen() throws IOException;

    protected static byte[] body(int size) {
        byte[] octets = new byte[size];
        for (int i = 0; i < size; i++) {
            octets[i] = (byte) ("Lorem ipsum dolor sit amet\r\n".charAt(i % 28) + i / 65536 % 2);
        }
        return octets;
    }

    protected String put(Spool spool, byte[] body) throws IOException {
        return put(spool, body, Map.of());
    }

    protected String put(Spool spool, byte[] body, Map<String, String> attributes) throws IOException {
        try (Draft draft = spool.draft()) {
            draft.body().write(body);
            draft.commit(ENVELOPE, HEADERS, attributes);
            return draft.id();
        }
    }

    protected static byte[] octets(Message message) throws IOException {
        try (InputStream stream = message.open()) {
            return stream.readAllBytes();
        }
    }

    protected static byte[] whole(byte[] body) {
        byte[] head = "Received: from a\r\n\tby b\r\nSubject: Gr\u00c3\u00bc\u00c3\u009fe\r\n\r\n".getBytes(ISO_8859_1);
        byte[] whole = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        return whole;
    }

    protected static List<Entry> all(Spool spool) {
        try (Stream<Entry> entries = spool.entries()) {
            return entries.toList();
        }
    }

    private static Foreign foreign(String id, byte[] body) {
        List<Pending> pending = List.of(Pending.first(BEN),
                new Pending(CEM, 3, START.minusSeconds(5), "451 4.2.1 b\u00fcsy"));
        return new Foreign(id, START.minusSeconds(7200).plusMillis(123), ENVELOPE, pending, "",
                Map.of("client", "192.0.2.1", "account", "j\tö%e"), new Content(HEADERS, body));
    }

    private static void assertSame(Entry there, Foreign entry, byte[] body) throws IOException {
        assertThat(there.id()).isEqualTo(entry.id());
        assertThat(there.arrival()).isEqualTo(entry.arrival());
        assertThat(there.envelope()).isEqualTo(entry.envelope());
        assertThat(there.pending()).isEqualTo(entry.pending());
        assertThat(there.held()).isEqualTo(entry.held());
        assertThat(there.attributes()).isEqualTo(entry.attributes());
        assertThat(there.message().headers()).isEqualTo(HEADERS);
        assertThat(octets(there.message())).isEqualTo(whole(body));
    }

    private interface Check {
        void of(Spool spool) throws IOException;
    }

    private void nowAndAfterRestart(Check check) throws IOException {
        check.of(spool());
        check.of(reopen());
    }

    private static List<Incoming> incoming(Spool spool) throws IOException {
        try (Stream<Incoming> incoming = spool.exchange().incoming()) {
            return incoming.toList();
        }
    }

    private static List<Outgoing> outgoing(Spool spool) throws IOException {
        try (Stream<Outgoing> outgoing = spool.exchange().outgoing()) {
            return outgoing.toList();
        }
    }

    @Test
    void a_copy_is_kept_as_it_came_and_is_no_entry() throws IOException {
        for (int size : new int[]{0, 5000, 1 << 20}) {
            byte[] body = body(size);
            Foreign entry = foreign("F" + size, body);
            String key = spool().exchange().receive(entry, ORIGIN);
            assertThat(key).matches("[0-9A-Za-z]{1,64}");
            nowAndAfterRestart(spool -> {
                assertSame(spool.exchange().copy(key).orElseThrow(), entry, body);
                assertThat(incoming(spool)).containsExactly(new Incoming(key, ORIGIN));
                assertThat(spool.find(entry.id())).isEmpty();
                assertThat(spool.claim(entry.id())).isEmpty();
                assertThat(spool.find(key)).isEmpty();
                assertThat(all(spool)).isEmpty();
                assertThat(spool.size()).isZero();
                assertThat(spool.tally()).isEqualTo(new Tally(0, 0, 0, 1, 0));
                assertThat(spool.exchange().isGone(entry.id())).as("gone, for a copy is no entry").isTrue();
            });
            spool().exchange().discard(key);
        }
    }

    @Test
    void nobody_is_offered_a_copy() throws Exception {
        spool().exchange().receive(foreign("0F1", body(10)), ORIGIN);
        String own = put(spool(), body(10));
        assertThat(spool().take().entry().id()).isEqualTo(own);
        assertThat(spool().tally()).isEqualTo(new Tally(0, 1, 0, 1, 0));
    }

    @Test
    void an_activated_copy_is_an_entry_like_others_and_keeps_its_id() throws Exception {
        for (int size : new int[]{100, 1 << 20}) {
            byte[] body = body(size);
            Foreign entry = foreign("Q" + size, body);
            String key = spool().exchange().receive(entry, ORIGIN);
            spool().exchange().activate(key);
            nowAndAfterRestart(spool -> {
                assertThat(incoming(spool)).isEmpty();
                assertThat(spool.exchange().copy(key)).isEmpty();
                assertSame(spool.find(entry.id()).orElseThrow(), entry, body);
                assertThat(all(spool)).hasSize(1);
                assertThat(spool.size()).isOne();
                assertThat(spool.exchange().isGone(entry.id())).isFalse();
            });
            try (Claim claim = spool().take()) {
                assertSame(claim.entry(), entry, body);
                claim.update(List.of(BEN, CEM), List.of());
            }
            assertThat(spool().size()).isZero();
            assertThat(all(reopen())).isEmpty();
        }
    }

    @Test
    void to_activate_again_does_not_undo_what_happened_since() throws Exception {
        Foreign entry = foreign("AB12", body(10));
        String key = spool().exchange().receive(entry, ORIGIN);
        spool().exchange().activate(key);
        try (Claim claim = spool().claim("AB12").orElseThrow()) {
            claim.update(List.of(BEN), List.of());
        }
        spool().exchange().activate(key);
        spool().exchange().discard(key);
        nowAndAfterRestart(spool -> {
            assertThat(spool.find("AB12").orElseThrow().pending()).extracting(Pending::recipient).containsExactly(CEM);
        });
        try (Claim claim = spool().claim("AB12").orElseThrow()) {
            claim.update(List.of(CEM), List.of());
        }
        spool().exchange().activate(key);
        assertThat(spool().size()).isZero();
        assertThat(all(reopen())).isEmpty();
    }

    @Test
    void an_activated_copy_is_worked_on_for_long_and_stays_what_it_is() throws Exception {
        Foreign entry = foreign("AB13", body(300_000));
        spool().exchange().activate(spool().exchange().receive(entry, ORIGIN));
        Pending last = Pending.first(CEM);
        try (Claim claim = spool().claim("AB13").orElseThrow()) {
            for (int i = 0; i < 40; i++) {
                last = new Pending(CEM, i, START.plusSeconds(i), "451 " + i);
                claim.update(List.of(), List.of(last));
            }
            claim.hold("enough");
        }
        Entry now = reopen().find("AB13").orElseThrow();
        assertThat(now.pending()).containsExactly(Pending.first(BEN), last);
        assertThat(now.held()).isEqualTo("enough");
        assertThat(octets(now.message())).isEqualTo(whole(body(300_000)));
    }

    @Test
    void a_discarded_copy_leaves_no_trace() throws Exception {
        for (int size : new int[]{100, 1 << 20}) {
            Foreign entry = foreign("AB14", body(size));
            String key = spool().exchange().receive(entry, ORIGIN);
            spool().exchange().discard(key);
            spool().exchange().discard(key);
            spool().exchange().activate(key);
            nowAndAfterRestart(spool -> {
                assertThat(incoming(spool)).isEmpty();
                assertThat(spool.find("AB14")).isEmpty();
                assertThat(spool.tally()).isEqualTo(new Tally(0, 0, 0, 0, 0));
            });
            assertThat(spool().exchange().receive(entry, ORIGIN)).as("a new key").isNotEqualTo(key);
            assertThat(spool().exchange().copy(incoming(spool()).getFirst().key()).orElseThrow().id())
                    .as("the id is free again").isEqualTo("AB14");
            spool().exchange().discard(incoming(spool()).getFirst().key());
        }
    }

    @Test
    void a_copy_whose_id_is_in_use_gets_another() throws Exception {
        String own = put(spool(), body(10));
        List<String> ids = new ArrayList<>(List.of(own));
        for (int i = 0; i < 3; i++) {
            String id = i == 0 ? own : "AB15";
            String key = spool().exchange().receive(foreign(id, body(20 + i)), ORIGIN + i);
            ids.add(spool().exchange().copy(key).orElseThrow().id());
        }
        assertThat(ids).doesNotHaveDuplicates().contains("AB15");
        reopen();
        for (Incoming copy : incoming(spool())) {
            spool().exchange().activate(copy.key());
        }
        nowAndAfterRestart(spool -> {
            assertThat(all(spool)).extracting(Entry::id).containsExactlyInAnyOrderElementsOf(ids);
            for (String id : ids) {
                assertThat(spool.find(id).orElseThrow().id()).isEqualTo(id);
            }
        });
        assertThat(octets(spool().find(own).orElseThrow().message())).isEqualTo(whole(body(10)));
    }

    @Test
    void an_entry_that_was_held_or_is_not_due_stays_so() throws Exception {
        Foreign held = foreign("AB16", body(10)).withHeld("look at me");
        Foreign late = foreign("AB17", body(10))
                .withPending(List.of(new Pending(CEM, 2, START.plusSeconds(100), "450 later")));
        spool().exchange().activate(spool().exchange().receive(held, ORIGIN));
        spool().exchange().activate(spool().exchange().receive(late, ORIGIN + 1));
        String own = put(spool(), body(10));
        assertThat(spool().take().entry().id()).isEqualTo(own);
        assertThat(spool().tally()).isEqualTo(new Tally(1, 1, 1, 0, 0));
        setClock(START.plusSeconds(100));
        assertThat(spool().take().entry().id()).isEqualTo("AB17");
        assertThat(spool().find("AB16").orElseThrow().held()).isEqualTo("look at me");
    }

    @Test
    void what_was_handed_over_is_a_note_and_no_entry() throws Exception {
        for (int size : new int[]{100, 1 << 20}) {
            String id = put(spool(), body(size));
            String next = put(spool(), body(1));
            Claim claim = spool().claim(id).orElseThrow();
            claim.update(List.of(ANN), List.of());
            claim.handOver(COPY);
            claim.close();
            assertThatThrownBy(() -> claim.update(List.of(BEN), List.of())).isInstanceOf(IllegalStateException.class);
            nowAndAfterRestart(spool -> {
                assertThat(outgoing(spool)).containsExactly(new Outgoing(id, COPY));
                assertThat(spool.find(id)).isEmpty();
                assertThat(spool.claim(id)).isEmpty();
                assertThat(all(spool)).extracting(Entry::id).containsExactly(next);
                assertThat(spool.size()).isOne();
                assertThat(spool.tally()).isEqualTo(new Tally(1, 0, 0, 0, 1));
                assertThat(spool.exchange().isGone(id)).isFalse();
            });
            try (Claim other = spool().take()) {
                assertThat(other.entry().id()).isEqualTo(next);
                other.update(List.of(ANN, BEN), List.of());
            }
            spool().exchange().forget(id);
            spool().exchange().forget(id);
            nowAndAfterRestart(spool -> {
                assertThat(outgoing(spool)).isEmpty();
                assertThat(spool.exchange().isGone(id)).isTrue();
                assertThat(spool.tally()).isEqualTo(new Tally(0, 0, 0, 0, 0));
            });
        }
    }

    @Test
    void only_a_note_can_be_forgotten() throws Exception {
        String id = put(spool(), body(10));
        spool().exchange().forget(id);
        String key = spool().exchange().receive(foreign("AB18", body(10)), ORIGIN);
        spool().exchange().forget("AB18");
        spool().exchange().discard(id);
        spool().exchange().activate(id);
        assertThat(reopen().find(id)).isPresent();
        assertThat(spool().exchange().copy(key)).isPresent();
    }

    @Test
    void an_id_that_was_ours_comes_back_to_us() throws Exception {
        String id = put(spool(), body(10));
        byte[] body = body(70_000);
        for (int round = 0; round < 3; round++) {
            spool().claim(id).orElseThrow().handOver(COPY);
            spool().exchange().forget(id);
            Foreign entry = foreign(id, body);
            String key = spool().exchange().receive(entry, ORIGIN + round);
            spool().exchange().activate(key);
            assertSame(spool().find(id).orElseThrow(), entry, body);
            assertSame(reopen().find(id).orElseThrow(), entry, body);
        }
        assertThat(put(spool(), body(1))).isNotEqualTo(id);
    }

    @Test
    void what_is_gone_is_gone() throws Exception {
        String id = put(spool(), body(10));
        assertThat(spool().exchange().isGone(id)).isFalse();
        Claim claim = spool().claim(id).orElseThrow();
        assertThat(spool().exchange().isGone(id)).isFalse();
        claim.update(List.of(ANN, BEN), List.of());
        assertThat(spool().exchange().isGone(id)).isTrue();
        for (String nonsense : List.of("", "nonsense", "../x", "0000000000", "0".repeat(5000))) {
            assertThat(spool().exchange().isGone(nonsense)).isTrue();
            assertThat(spool().exchange().copy(nonsense)).isEmpty();
            spool().exchange().forget(nonsense);
            spool().exchange().discard(nonsense);
            spool().exchange().activate(nonsense);
        }
    }

    @Test
    void the_identity_stays() throws IOException {
        String identity = spool().exchange().identity();
        assertThat(identity).matches("[0-9A-Za-z]{16,64}");
        put(spool(), body(10));
        assertThat(reopen().exchange().identity()).isEqualTo(identity);
        assertThat(reopen().exchange().identity()).isEqualTo(identity);
    }

    @Test
    void the_tally_knows_all_states() throws Exception {
        for (int i = 0; i < 5; i++) {
            put(spool(), body(1));
        }
        put(spool(), body(1), Map.of(Entry.HOLD, "smells"));
        Exchange exchange = spool().exchange();
        exchange.receive(foreign("AB19", body(1)), ORIGIN);
        exchange.receive(foreign("AB20", body(1)), ORIGIN + 1);
        Claim claim = spool().take();
        spool().take().handOver(COPY);
        assertThat(spool().tally()).isEqualTo(new Tally(3, 1, 1, 2, 1));
        assertThat(spool().size()).isEqualTo(5);
        claim.close();
        assertThat(spool().tally().waiting()).isEqualTo(4);
    }
}
