package org.staffetta.spool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Pending;
import org.staffetta.api.spool.Spool;
import org.staffetta.api.spool.SpoolException;
import org.staffetta.jdbc.Pool;
import org.staffetta.sql.Database;
import org.staffetta.sql.TestDatabase;
import org.staffetta.testkit.SpoolContract;

/** The contract, in a database. */
abstract class JdbcSpoolContract extends SpoolContract {

    static final JdbcSpool.Settings SETTINGS = new JdbcSpool.Settings("test", Duration.ofSeconds(30),
            Duration.ofMillis(50));

    private final List<String> alarms = Collections.synchronizedList(new ArrayList<>());
    private Pool pool;
    private JdbcSpool spool;

    abstract TestDatabase database() throws Exception;

    @Override
    protected Spool spool() throws IOException {
        try {
            if (spool == null) {
                pool = database().open();
                spool = JdbcSpool.open(Database.open(pool.source()), SETTINGS, clock(), new SecureRandom(),
                        alarms::add);
            }
            return spool;
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @Override
    protected Spool reopen() throws IOException {
        spool();
        close();
        return spool();
    }

    @Test
    void a_message_of_100_megabytes_passes_in_constant_memory() throws Exception {
        byte[] block = body(1 << 20);
        try (Draft draft = spool().draft()) {
            for (int i = 0; i < 100; i++) {
                draft.body().write(block);
            }
            draft.commit(ENVELOPE, HEADERS, Map.of());
        }
        Claim claim = spool().take();
        try (InputStream body = claim.entry().message().openBody()) {
            for (int i = 0; i < 100; i++) {
                assertThat(Arrays.equals(body.readNBytes(block.length), block)).isTrue();
            }
            assertThat(body.read()).isEqualTo(-1);
        }
        claim.update(List.of(ANN, BEN), List.of());
        assertThat(spool().size()).isZero();
    }

    @Test
    void header_fields_come_back_octet_for_octet() throws Exception {
        StringBuilder octets = new StringBuilder("X: ");
        for (char c = 1; c <= 0xff; c++) {
            octets.append(c == '\r' || c == '\n' ? "" : c);
        }
        List<Header> headers = List.of(new Header(octets.toString()), new Header("Folded:\r\n a\r\n\tb\r\n "),
                new Header("Empty:"),
                new Header("Last : x"));
        try (Draft draft = spool().draft()) {
            draft.commit(ENVELOPE, headers, Map.of());
            assertThat(spool().find(draft.id()).orElseThrow().message().headers()).isEqualTo(headers);
        }
    }

    @Test
    void what_people_and_machines_write_comes_back_as_it_was() throws Exception {
        String odd = "\0\t\n%41 \ud800 \ud83d\ude00 ü";
        Recipient recipient = new Recipient(Address.parse("\"ü @\\\" x\"@bücher.example"),
                Map.of("ORCPT", odd, "EMPTY", ""));
        Envelope envelope = new Envelope(Address.NULL, List.of(recipient), Map.of("ENVID", odd, "SMTPUTF8", ""));
        Map<String, String> attributes = Map.of("helo", odd, "a\tb", "", Entry.HOLD, odd);
        String id;
        try (Draft draft = spool().draft()) {
            id = draft.id();
            draft.commit(envelope, List.of(), attributes);
        }
        Entry entry = spool().find(id).orElseThrow();
        assertThat(entry.envelope()).isEqualTo(envelope);
        assertThat(entry.attributes()).isEqualTo(attributes);
        assertThat(entry.held()).isEqualTo(odd);
        try (Claim claim = spool().claim(id).orElseThrow()) {
            claim.update(List.of(), List.of(new Pending(recipient, 1, START.plusNanos(1), odd)));
        }
        assertThat(spool().find(id).orElseThrow().pending())
                .containsExactly(new Pending(recipient, 1, START.plusNanos(1), odd));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPDATE spool_entry SET recipients = 'no address' WHERE id = ?",
            "UPDATE spool_entry SET sender = '%zz' WHERE id = ?",
            "UPDATE spool_entry SET headers = body WHERE id = ?",
            "UPDATE spool_pending SET next_attempt = 'tomorrow' WHERE entry = ?",
            "DELETE FROM spool_pending WHERE entry = ?"})
    void a_row_that_cannot_be_read_is_held_and_holds_up_nobody(String damage) throws Exception {
        String bad = put(spool(), body(10));
        spool().claim(bad).orElseThrow().update(List.of(ANN), List.of(new Pending(BEN, 1, START, "")));
        reopen();
        String good = put(spool(), body(10));
        try (Connection connection = pool.source().getConnection();
                PreparedStatement statement = connection.prepareStatement(damage)) {
            statement.setString(1, bad);
            statement.executeUpdate();
        }

        assertThat(spool().take().entry().id()).isEqualTo(good);

        assertThat(all(spool())).extracting(Entry::id).containsExactly(good);
        assertThatThrownBy(() -> spool().claim(bad)).isInstanceOf(SpoolException.class);
        assertThat(alarms).isNotEmpty().allMatch(alarm -> alarm.startsWith("message " + bad + " is held: "));
        alarms.clear();
    }

    private void close() {
        spool.close();
        pool.close();
        spool = null;
    }

    @AfterEach
    void closeAndLookForAlarms() throws SQLException {
        if (spool != null) {
            close();
        }
        assertThat(alarms).isEmpty();
    }
}
