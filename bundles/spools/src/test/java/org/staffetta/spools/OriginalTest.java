package org.staffetta.spools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Exchange;
import org.staffetta.api.spool.Pending;
import org.staffetta.api.spool.Tally;
import org.staffetta.spool.file.FaultyFolder;

/** Nothing is handed over unless what the target gives back is the same. */
class OriginalTest {

    private static final Recipient ANN = new Recipient(Address.parse("ann@example.org"));
    private static final Recipient BEN = new Recipient(Address.parse("ben@example.org"));
    private static final Mail MAIL = new Mail("Q1", Instant.parse("2026-11-23T12:00:00.123Z"),
            new Envelope(Address.parse("joe@example.net"), List.of(ANN, BEN), Map.of("RET", "HDRS")),
            List.of(new Pending(ANN, 2, Instant.EPOCH.plusSeconds(9), "451 later")), "", Map.of("client", "192.0.2.1"),
            new Text(List.of(Header.of("Subject", "hello")), "It works.\r\n"));

    private record Mail(String id, Instant arrival, Envelope envelope, List<Pending> pending, String held,
            Map<String, String> attributes, Message message) implements Entry {}

    private record Text(List<Header> headers, String body) implements Message {

        @Override
        public long size() {
            return body.length();
        }

        @Override
        public InputStream open() {
            throw new UnsupportedOperationException();
        }

        @Override
        public InputStream openBody() {
            return new ByteArrayInputStream(body.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static Mail pending(Pending... pending) {
        return new Mail(MAIL.id, MAIL.arrival, MAIL.envelope, List.of(pending), MAIL.held, MAIL.attributes,
                MAIL.message);
    }

    private static Mail message(Message message) {
        return new Mail(MAIL.id, MAIL.arrival, MAIL.envelope, MAIL.pending, MAIL.held, MAIL.attributes, message);
    }

    private static String difference(Entry original, Entry copy) throws IOException {
        Original witnessed = Original.of(original);
        try (InputStream body = witnessed.message().openBody()) {
            body.transferTo(OutputStream.nullOutputStream());
        }
        return witnessed.difference(copy);
    }

    @Test
    void the_same_is_the_same_whatever_its_id() throws IOException {
        Mail other = new Mail("OTHER", MAIL.arrival.plusNanos(999), MAIL.envelope, MAIL.pending, MAIL.held,
                MAIL.attributes,
                MAIL.message);
        assertThat(difference(MAIL, other)).isEmpty();
        Mail far = pending(new Pending(ANN, 0, Instant.MAX, ""));
        assertThat(difference(far, far)).isEmpty();
    }

    @Test
    void of_a_reply_its_beginning_is_enough() throws IOException {
        Mail full = pending(new Pending(ANN, 1, Instant.EPOCH, "x".repeat(3000)));
        assertThat(difference(full, pending(new Pending(ANN, 1, Instant.EPOCH, "x".repeat(1000))))).isEmpty();
        assertThat(difference(full, pending(new Pending(ANN, 1, Instant.EPOCH, "x".repeat(999)))))
                .isEqualTo("state of the recipients");
    }

    @Test
    void each_part_counts() throws IOException {
        assertThat(difference(MAIL, new Mail("Q1", MAIL.arrival.plusMillis(1), MAIL.envelope, MAIL.pending, "",
                MAIL.attributes, MAIL.message))).isEqualTo("arrival");
        assertThat(difference(MAIL, new Mail("Q1", MAIL.arrival, MAIL.envelope.withRecipients(List.of(ANN)),
                MAIL.pending, "", MAIL.attributes, MAIL.message))).isEqualTo("envelope");
        assertThat(difference(MAIL,
                new Mail("Q1", MAIL.arrival, MAIL.envelope, MAIL.pending, "", Map.of(), MAIL.message)))
                .isEqualTo("attributes");
        assertThat(difference(MAIL,
                new Mail("Q1", MAIL.arrival, MAIL.envelope, MAIL.pending, "held", MAIL.attributes, MAIL.message)))
                .isEqualTo("hold");
        assertThat(difference(MAIL, pending(Pending.first(ANN)))).isEqualTo("state of the recipients");
        assertThat(difference(MAIL, pending())).isEqualTo("state of the recipients");
        assertThat(difference(MAIL, message(new Text(MAIL.message.headers(), "It works!\r\n"))))
                .isEqualTo("header or body");
        assertThat(difference(MAIL, message(new Text(List.of(), "It works.\r\n")))).isEqualTo("header or body");
        assertThat(difference(MAIL, message(new Text(List.of(Header.of("Subject", "hello"), Header.of("X", "y")),
                "It works.\r\n")))).isEqualTo("header or body");
    }

    @Test
    void what_was_not_read_to_its_end_cannot_be_compared() throws IOException {
        Original witnessed = Original.of(MAIL);
        assertThatThrownBy(() -> witnessed.difference(MAIL)).isInstanceOf(IOException.class);
        try (InputStream body = witnessed.message().openBody()) {
            assertThat(body.read()).isEqualTo('I');
            assertThatThrownBy(() -> witnessed.difference(MAIL)).isInstanceOf(IOException.class)
                    .hasMessageContaining("not read to its end");
        }
    }

    @Test
    void a_target_that_garbles_gets_nothing() throws IOException {
        FaultyFolder one = FaultyFolder.whole();
        FaultyFolder two = FaultyFolder.whole();
        Mails mails = new Mails(1);
        mails.put(one.spool(), 1);
        Place from = Place.of("one", one.spool());
        Place sound = Place.of("two", two.spool());
        Place to = new Place("two", sound.identity(), sound.spool(), garbling(sound.exchange(),
                copy -> new Mail(copy.id(), copy.arrival(), copy.envelope(), copy.pending(), copy.held(),
                        copy.attributes(), new Text(copy.message().headers(), "something else"))));
        Round round = new Round(new Handover(from, to), 1, () -> false, (a, b, moved) -> {});
        round.run();
        assertThat(round.moved()).isZero();
        assertThat(round.failed()).isOne();
        assertThat(round.failure()).contains("stays in one", "header or body");
        assertThat(two.spool().tally()).isEqualTo(new Tally(0, 0, 0, 0, 0));
        assertThat(mails.complaints(one.spool())).isEmpty();
        try (Claim claim = one.spool().claim(Mails.entries(one.spool()).getFirst().id()).orElseThrow()) {
            assertThat(claim.entry().pending()).as("free again").isNotEmpty();
        }
        one.close();
        two.close();
    }

    private static Exchange garbling(Exchange exchange, UnaryOperator<Entry> change) {
        return (Exchange) Proxy.newProxyInstance(Exchange.class.getClassLoader(), new Class<?>[]{Exchange.class},
                (proxy, method, arguments) -> {
                    Object answer = method.invoke(exchange, arguments);
                    return answer instanceof Optional<?> found
                            ? found.map(entry -> change.apply((Entry) entry))
                            : answer;
                });
    }
}
