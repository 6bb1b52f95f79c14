package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.staffetta.listener.DataFilter.onData;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.staffetta.api.event.MailEvent.Kind;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.filter.HeaderEdit;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.session.Session;

/** Filters: when they are asked, what their verdicts do, and that what is wrong with them is nobody else's trouble. */
class FilterTest {

    @Test
    void theyAreAskedPhaseByPhase() throws IOException {
        Recorder probe = Recorder.silent();
        try (TestServer server = filtered("probe", probe); SmtpClient client = server.hello()) {
            client.command("MAIL FROM:<s@example.org>", 250);
            client.command("RCPT TO:<nobody@demo.test>", 550);
            client.command("RCPT TO:<alice@demo.test>", 250);
            client.command("RCPT TO:<bob@demo.test>", 250);
            client.command("DATA", 354);
            client.send("Subject: x\r\n\r\n.\r\n");
            client.expect(250);
            assertThat(probe.asked).containsExactly("connect", "helo client.example", "begin", "mail s@example.org 0",
                    "rcpt alice@demo.test 0", "rcpt bob@demo.test 1", "data 2 x", "close");
        }
    }

    @ParameterizedTest
    @CsvSource({"RSET", "EHLO again", "QUIT", "GET", "''"})
    void theyAreClosedWhateverTheEnd(String end) throws IOException {
        Recorder probe = Recorder.silent();
        try (TestServer server = filtered("probe", probe)) {
            try (SmtpClient client = server.hello()) {
                client.transaction("s@example.org", "alice@demo.test");
                if (!end.isEmpty()) {
                    client.send(end + "\r\n");
                    client.reply();
                }
            }
            org.awaitility.Awaitility.await().untilAsserted(() -> assertThat(probe.asked).contains("close"));
        }
    }

    @Test
    void aRefusalEndsWhatItIsAbout() throws IOException {
        Reply reply = new Reply(554, "5.7.1", "no");
        try (TestServer server = filtered("probe", Recorder.of(Phase.CONNECT, () -> new Verdict.Refuse(reply)));
                SmtpClient client = server.client()) {
            assertThat(client.expect(554)).isEqualTo("554 5.7.1 no");
            client.expectClosed();
        }
        try (TestServer server = filtered("probe", Recorder.of(Phase.HELO, () -> new Verdict.Refuse(reply)));
                SmtpClient client = server.greeted()) {
            client.command("EHLO x", 554);
            client.command("MAIL FROM:<>", 503);
        }
        try (TestServer server = filtered("probe", Recorder.of(Phase.MAIL, () -> new Verdict.Refuse(reply)));
                SmtpClient client = server.hello()) {
            client.command("MAIL FROM:<>", 554);
            client.command("RCPT TO:<alice@demo.test>", 503);
        }
        try (TestServer server = filtered("probe", Recorder.of(Phase.RCPT, () -> new Verdict.Refuse(reply)));
                SmtpClient client = server.hello()) {
            client.command("MAIL FROM:<>", 250);
            client.command("RCPT TO:<alice@demo.test>", 554);
            assertThat(client.command("DATA", 554)).contains("no valid recipients");
        }
        try (TestServer server = filtered("probe", Recorder.of(Phase.DATA, () -> new Verdict.Refuse(reply)));
                SmtpClient client = server.hello()) {
            assertThat(client.message("")).isEqualTo("554 5.7.1 no");
            client.command("MAIL FROM:<>", 250);
            assertThat(server.spool.stored).isEmpty();
            assertThat(server.spool.open).hasValue(0);
        }
    }

    @ParameterizedTest
    @CsvSource({"550,5.7.1,554", "451,4.7.1,421", "554,5.7.1,554"})
    void insteadOfTheGreetingAClientHears421Or554(int refused, String status, int heard) throws IOException {
        Reply reply = new Reply(refused, status, "no");
        try (TestServer server = filtered("probe", Recorder.of(Phase.CONNECT, () -> new Verdict.Refuse(reply)));
                SmtpClient client = server.client()) {
            assertThat(client.expect(heard)).isEqualTo(heard + " " + status + " no");
            client.expectClosed();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Phase.class, mode = EnumSource.Mode.EXCLUDE, names = "BEGIN")
    void a421ClosesTheConnection(Phase phase) throws IOException {
        Reply reply = new Reply(421, "4.7.1", "go away");
        try (TestServer server = filtered("probe", Recorder.of(phase, () -> new Verdict.Refuse(reply)));
                SmtpClient client = server.client()) {
            if (phase != Phase.CONNECT) {
                client.expect(220);
                client.send("EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<alice@demo.test>\r\nBDAT 0 LAST\r\n");
            }
            assertThat(client.rest()).endsWith("421 4.7.1 go away\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void whateverItThrowsTheClientMayComeBack(Phase phase) throws IOException {
        List<Recorder.Saying> faults = List.of(() -> {
            throw new IOException("the database is down");
        }, () -> {
            throw new IllegalStateException("a bug");
        }, () -> {
            throw new NoClassDefFoundError("half replaced");
        }, () -> {
            throw new StackOverflowError();
        });
        for (Recorder.Saying fault : faults) {
            assertDefers(phase, fault);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Phase.class, mode = EnumSource.Mode.EXCLUDE, names = "BEGIN")
    void soItIsIfItSaysNothing(Phase phase) throws IOException {
        assertDefers(phase, () -> null);
    }

    @Test
    void theOthersAreNotAskedAfterARefusalAndClosedAllTheSame() throws IOException {
        Recorder first = Recorder.of(Phase.MAIL, () -> {
            throw new IllegalStateException("a bug");
        });
        Recorder second = Recorder.silent();
        try (TestServer server = new TestServer("filters=first,second").with("first", first).with("second", second);
                SmtpClient client = server.hello()) {
            client.command("MAIL FROM:<>", 451);
            assertThat(second.asked).containsExactly("connect", "helo client.example", "begin", "close");
        }
    }

    @Test
    void oneThatTakesTooLongIsInterrupted() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        Recorder hangs = Recorder.of(Phase.MAIL, () -> {
            never.await();
            return Verdict.proceed();
        });
        try (TestServer server = new TestServer("filters=hangs", "filter.timeout=1").with("hangs", hangs);
                SmtpClient client = server.hello()) {
            long began = System.nanoTime();
            client.command("MAIL FROM:<>", 451);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(Duration.ofMillis(900),
                    Duration.ofSeconds(5));
            client.command("NOOP", 250);
            assertThat(server.events(Kind.ALARM)).singleElement()
                    .satisfies(event -> assertThat(event.fields().get("reason")).contains("filter hangs failed"));
        }
    }

    @Test
    void oneThatTakesTooLongAndDoesNotMindIsNotHeard() throws IOException {
        Recorder stubborn = Recorder.of(Phase.MAIL, () -> {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
            return Verdict.proceed();
        });
        try (TestServer server = new TestServer("filters=stubborn", "filter.timeout=1").with("stubborn", stubborn);
                SmtpClient client = server.hello()) {
            client.command("MAIL FROM:<>", 451);
            client.command("NOOP", 250);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Phase.class, mode = EnumSource.Mode.EXCLUDE, names = "BEGIN")
    void aMessageIsHeld(Phase phase) throws IOException {
        try (TestServer server = filtered("probe", Recorder.of(phase, () -> new Verdict.Quarantine("looks odd")));
                SmtpClient client = server.hello()) {
            assertThat(client.message("")).startsWith("250 2.0.0");
            assertThat(server.message().attributes()).containsEntry("hold", "looks odd");
            assertThat(server.events(Kind.HELD)).singleElement()
                    .satisfies(event -> assertThat(event.queueId()).isEqualTo("Q1"));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Phase.class, mode = EnumSource.Mode.EXCLUDE, names = "BEGIN")
    void aMessageIsDiscarded(Phase phase) throws IOException {
        try (TestServer server = filtered("probe", Recorder.of(phase, () -> new Verdict.Discard("spam")));
                SmtpClient client = server.hello()) {
            assertThat(client.message("")).startsWith("250 2.0.0");
            assertThat(server.spool.stored).isEmpty();
            assertThat(server.spool.open).hasValue(0);
            assertThat(server.events(Kind.ACCEPTED)).isEmpty();
            assertThat(server.events(Kind.DISCARDED)).singleElement()
                    .satisfies(event -> assertThat(event.fields()).containsEntry("reason", "spam")
                            .containsEntry("nrcpt", "1"));
        }
    }

    @Test
    void whatWasSaidOfAHeloIsForgottenWithTheNext() throws IOException {
        Filter judge = new Filter() {
            @Override
            public Verdict helo(Session session) {
                return session.helo().equals("bad") ? new Verdict.Discard("bad name") : Verdict.proceed();
            }
        };
        try (TestServer server = filtered("judge", judge); SmtpClient client = server.greeted()) {
            client.command("EHLO bad", 250);
            client.message("");
            assertThat(server.spool.stored).isEmpty();
            client.command("EHLO good", 250);
            client.message("");
            assertThat(server.spool.stored).hasSize(1);
        }
    }

    @Test
    void editsAreSeenByThoseWhoCome() throws IOException {
        List<String> seen = new ArrayList<>();
        Filter first = onData((_, message) -> new Verdict.Proceed(
                List.of(new HeaderEdit.Prepend(Header.of("X-First", "1")),
                        new HeaderEdit.Remove(message.headers().getLast()),
                        new HeaderEdit.Remove(Header.of("X-Not", "there"))),
                List.of(new Finding("spf", "pass", Map.of("smtp.mailfrom", "example.org")))));
        Filter second = onData((context, message) -> {
            message.headers().forEach(header -> seen.add(header.name()));
            context.findings().forEach(finding -> seen.add(finding.method()));
            try (var in = message.open()) {
                seen.add(new String(in.readAllBytes(), StandardCharsets.UTF_8).split(":", 2)[0]);
            }
            return Verdict.proceed();
        });
        try (TestServer server = new TestServer("filters=first,second").with("first", first).with("second", second);
                SmtpClient client = server.hello()) {
            client.message("Subject: x\r\nX-Secret: y\r\n\r\n");
            assertThat(seen).containsExactly("X-First", "Received", "Subject", "spf", "X-First");
            assertThat(server.message().headers()).extracting(Header::name).containsExactly("Authentication-Results",
                    "X-First", "Received", "Subject");
        }
    }

    @Test
    void theOrderIsTheOperators() throws IOException {
        List<String> order = new CopyOnWriteArrayList<>();
        try (TestServer server = new TestServer("filters=c,a,b", "wait.for.plugin=5");
                SmtpClient client = server.client()) {
            for (String name : List.of("a", "b", "c", "d")) {
                server.with(name, Recorder.of(Phase.MAIL, () -> {
                    order.add(name);
                    return Verdict.proceed();
                }));
            }
            client.expect(220);
            client.command("EHLO x", 250);
            client.command("MAIL FROM:<>", 250);
            assertThat(order).containsExactly("c", "a", "b");
        }
    }

    @Test
    void oneThatIsNotThereIsNeverSkipped() throws IOException {
        Filter filter = new Filter() {
        };
        try (TestServer server = filtered("gone", filter); SmtpClient client = server.hello()) {
            server.plugins.remove(filter);
            assertThat(client.command("MAIL FROM:<>", 451)).contains("4.3.2");
            assertThat(client.command("EHLO x", 451)).contains("4.3.2");
            try (SmtpClient stranger = server.client()) {
                stranger.expect(421);
                stranger.expectClosed();
            }
            server.with("gone", filter);
            client.command("EHLO x", 250);
            client.command("MAIL FROM:<>", 250);
        }
    }

    @Test
    void unlessTheOperatorSaysSo() throws IOException {
        Recorder probe = Recorder.of(Phase.MAIL, () -> Verdict.reject("5.7.1", "no"));
        try (TestServer server = new TestServer("filters=maybe?"); SmtpClient client = server.hello()) {
            client.command("MAIL FROM:<>", 250);
            client.command("RSET", 250);
            server.with("maybe", probe);
            client.command("MAIL FROM:<>", 550);
        }
    }

    @Test
    void aTransactionKeepsItsFilters() throws IOException {
        Recorder old = Recorder.silent();
        Recorder fresh = Recorder.silent();
        try (TestServer server = filtered("probe", old); SmtpClient client = server.hello()) {
            client.transaction("s@example.org", "alice@demo.test");
            server.with("probe", fresh);
            server.plugins.remove(old);
            client.command("DATA", 354);
            client.command(".", 250);
            assertThat(old.asked).contains("data 1 " + server.message().values("Received").getFirst())
                    .endsWith("close");
            assertThat(fresh.asked).isEmpty();
            client.message("");
            assertThat(fresh.asked).contains("begin", "close").doesNotContain("connect");
        }
    }

    private static void assertDefers(Phase phase, Recorder.Saying fault) throws IOException {
        try (TestServer server = filtered("probe", Recorder.of(phase, fault)); SmtpClient client = server.client()) {
            if (phase != Phase.CONNECT) {
                client.expect(220);
                client.send(
                        "EHLO x\r\nMAIL FROM:<s@example.org>\r\nRCPT TO:<alice@demo.test>\r\nBDAT 0 LAST\r\nQUIT\r\n");
            }
            String said = client.rest();
            assertThat(said).contains(phase == Phase.CONNECT ? "421 4.7.1 " : "451 4.7.1 ");
            assertThat(server.spool.stored).isEmpty();
            assertThat(server.spool.open).hasValue(0);
            assertThat(server.events(Kind.ALARM)).singleElement()
                    .satisfies(event -> assertThat(event.fields().get("reason")).contains("filter probe failed"));
        }
    }

    private static TestServer filtered(String name, Filter filter) {
        return new TestServer("filters=" + name).with(name, filter);
    }
}
