package org.staffetta.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.staffetta.api.delivery.Attempt;
import org.staffetta.api.delivery.Outcome;
import org.staffetta.api.delivery.Transport;
import org.staffetta.api.event.MailEvent.Kind;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.plugin.PluginException;
import org.staffetta.api.spool.Pending;

/** Transports are plug-ins: whatever they do, the message stays. */
class TransportTest {
    private final Bench bench = new Bench();

    static Stream<Arguments> misdeeds() {
        return Stream.of(Arguments.of("throws IOException", (Transport) a -> {
            throw new IOException("broken\r\npipe \u0007");
        }, "451 4.4.0 broken  pipe \\x{7}"), Arguments.of("throws IOException without a word", (Transport) a -> {
            throw new IOException();
        }, "451 4.4.0 IOException"), Arguments.of("throws RuntimeException", (Transport) a -> {
            throw new IllegalStateException("bug");
        }, "451 4.3.0 the transport 'smtp' failed"), Arguments.of("was taken away", (Transport) a -> {
            throw new PluginException("Transport smtp was taken away");
        }, "451 4.3.0 Transport smtp was taken away"), Arguments.of("throws Error", (Transport) a -> {
            throw new NoClassDefFoundError("gone");
        }, "451 4.3.0 the transport 'smtp' failed"),
                Arguments.of("recurses for ever", (Transport) TransportTest::recurse,
                        "451 4.3.0 the transport 'smtp' failed"),
                Arguments.of("returns null", (Transport) a -> null, "451 4.3.0 the transport 'smtp' failed"),
                Arguments.of("forgets a recipient", (Transport) a -> Map.of(),
                        "451 4.3.0 the transport 'smtp' gave no outcome"),
                Arguments.of("answers for another", (Transport) a -> Map.of(
                        new Recipient(Address.parse("eve@there.test")), Bench.OK),
                        "451 4.3.0 the transport 'smtp' gave no outcome"),
                Arguments.of("is interrupted", (Transport) a -> {
                    throw new InterruptedException();
                }, "451 4.4.2 the attempt took too long"));
    }

    private static Map<Recipient, Outcome> recurse(Attempt attempt) {
        return recurse(attempt).isEmpty() ? Map.of() : Map.of();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("misdeeds")
    void a_transport_that(String name, Transport transport, String reply) {
        bench.transport("smtp", transport);
        String id = bench.mail("alice@here.test", "bob@there.test");
        bench.run();

        assertThat(bench.spool.entry(id).pending()).singleElement().satisfies(pending -> {
            assertThat(pending.lastReply()).isEqualTo(reply);
            assertThat(pending.attempts()).isEqualTo(1);
            assertThat(pending.nextAttempt()).isAfter(FakeTime.START.plusSeconds(200));
        });
        assertThat(bench.events(Kind.DEFERRED)).hasSize(1);
    }

    @Test
    void all_recipients_of_a_next_hop_go_in_one_attempt_up_to_the_limit() {
        bench.transport("smtp", Bench.answering(recipient -> Bench.OK));
        String[] recipients = Stream.iterate(0, i -> i + 1).limit(250).map(i -> "u" + i + "@there.test")
                .toArray(String[]::new);
        bench.mail("alice@here.test", recipients);
        bench.run();

        assertThat(bench.attempts).extracting(a -> a.envelope().recipients().size()).containsExactly(100, 100, 50);
        assertThat(bench.attempts).allSatisfy(attempt -> {
            assertThat(attempt.nextHop()).isEqualTo("there.test");
            assertThat(attempt.envelope().sender()).isEqualTo(Address.parse("alice@here.test"));
            assertThat(attempt.attributes()).containsEntry("client", "192.0.2.1");
        });
        assertThat(bench.tried()).containsExactly(recipients);
    }

    @Test
    void what_the_spool_cannot_note_is_not_delivered_again() {
        bench.transport("smtp", Bench.answering(recipient -> {
            bench.spool.refuseUpdates(true);
            return Bench.OK;
        }));
        String id = bench.mail("alice@here.test", "bob@there.test");
        bench.pass(Duration.ofMinutes(30));
        assertThat(bench.attempts).hasSize(1);
        assertThat(bench.events(Kind.ALARM)).hasSize(1);
        assertThat(bench.spool.entry(id)).isNotNull();

        bench.spool.refuseUpdates(false);
        bench.pass(Duration.ofMinutes(2));
        assertThat(bench.attempts).hasSize(1);
        assertThat(bench.spool.entry(id)).isNull();
        assertThat(bench.events(Kind.REMOVED)).hasSize(1);
    }

    @Test
    void what_one_spool_could_not_note_is_noted_in_the_one_that_the_message_went_to() {
        bench.transport("smtp", Bench.answering(recipient -> {
            bench.spool.refuseUpdates(true);
            return Bench.OK;
        }));
        String id = bench.mail("alice@here.test", "bob@there.test");
        bench.run();
        bench.spool.die();

        MemorySpool other = new MemorySpool(bench.clock);
        assertThat(other.put(bench.spool.entry(id).envelope(), Bench.TEXT)).as("keeps its id").isEqualTo(id);
        Source source = bench.attach("other", other);
        bench.engine.accept(source, other.poll().orElseThrow(), () -> {});
        bench.run();
        assertThat(bench.attempts).hasSize(1);
        assertThat(other.size()).isZero();
    }

    @Test
    void while_the_spool_cannot_note_anything_nothing_else_is_delivered_from_it() {
        bench.transport("smtp", Bench.answering(recipient -> {
            bench.spool.refuseUpdates(true);
            return Bench.OK;
        }));
        bench.mail("alice@here.test", "bob@there.test");
        bench.mail("alice@here.test", "carol@there.test");
        bench.run();

        assertThat(bench.attempts).hasSize(1);
        assertThat(bench.spool.entries().flatMap(e -> e.pending().stream()).map(Pending::attempts)).containsOnly(0);
    }
}
