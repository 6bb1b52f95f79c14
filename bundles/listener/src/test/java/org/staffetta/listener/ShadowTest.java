package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.staffetta.listener.DataFilter.onData;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvent.Kind;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.filter.HeaderEdit;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Header;

/** A filter in shadow mode: asked, heard, counted, and of no effect whatever it does. */
@Timeout(60)
class ShadowTest {

    private static final Map<String, String> NOTHING = Map.of();

    private static TestServer shadowing(Filter filter, String... settings) {
        String[] all = Stream.concat(Stream.of("mode=shadow"),
                Stream.of(settings)).toArray(String[]::new);
        return new TestServer("filters=shadow,next").with("shadow", filter).with("next", Recorder.silent())
                .wanting("shadow", all);
    }

    private static MailEvent told(TestServer server) {
        await().until(() -> !server.events(Kind.SHADOWED).isEmpty());
        return server.events(Kind.SHADOWED).getFirst();
    }

    @ParameterizedTest
    @EnumSource(value = Phase.class, mode = EnumSource.Mode.EXCLUDE, names = "BEGIN")
    void what_it_refuses_goes_through_and_the_difference_is_told_and_counted(Phase phase) throws IOException {
        try (TestServer server = shadowing(Recorder.refusing(phase)); SmtpClient client = server.hello()) {
            assertThat(client.message("Subject: x\r\n\r\n")).startsWith("250");
            // what it has said of connect and helo is told apart, and may be told later
            MailEvent told = await().until(() -> server.events(Kind.SHADOWED).stream()
                    .filter(event -> "yes".equals(event.fields().get("differs"))).findFirst(), Optional::isPresent)
                    .orElseThrow();
            assertThat(told.fields()).containsEntry("taken", "proceed")
                    .containsEntry("reply", "550 5.7.1 not wanted here");
            assertThat(told.fields().get("filters")).contains("shadow/1.0.0 " + phase + " refuse ");
            await().untilAsserted(() -> assertThat(server.counters("shadow", "serves")).containsEntry("refuse", 1L)
                    .containsEntry("differed", 1L));
            assertThat(server.message().attributes()).doesNotContainKey("hold");
        }
    }

    @Test
    void it_is_told_with_the_id_of_the_message_and_says_when_it_agrees() throws IOException {
        try (TestServer server = shadowing(Recorder.silent()); SmtpClient client = server.hello()) {
            client.message("");
            MailEvent told = told(server);
            assertThat(told.queueId()).isEqualTo("Q1");
            assertThat(told.fields()).containsEntry("taken", "proceed").containsEntry("differs", "no")
                    .containsEntry("transaction", told.sessionId() + ".1").doesNotContainKey("reply");
            assertThat(told.fields().get("filters")).matches("shadow/1.0.0 mail proceed [0-9.]+, "
                    + "shadow/1.0.0 rcpt proceed [0-9.]+, shadow/1.0.0 data proceed [0-9.]+");
            assertThat(server.events(Kind.FILTERED)).singleElement()
                    .satisfies(event -> assertThat(event.fields().get("filters")).doesNotContain("shadow"));
            assertThat(server.counters("shadow", "serves")).containsEntry("asked", 5L).containsEntry("differed", 0L);
        }
    }

    @Test
    void to_be_overruled_by_a_refusal_is_no_difference() throws IOException {
        try (TestServer server = new TestServer("filters=shadow,next").with("shadow", Recorder.refusing(Phase.RCPT))
                .with("next", Recorder.refusing(Phase.RCPT)).wanting("shadow", "mode=shadow");
                SmtpClient client = server.hello()) {
            client.command("MAIL FROM:<s@example.org>", 250);
            client.command("RCPT TO:<alice@demo.test>", 550);
            client.command("RSET", 250);
            assertThat(told(server).fields()).containsEntry("taken", "refuse").containsEntry("differs", "no");
        }
    }

    @Test
    void its_edits_findings_and_wishes_reach_nobody() throws IOException {
        List<String> seen = new CopyOnWriteArrayList<>();
        Filter shadow = onData((context, message) -> {
            seen.add(context.findings().getFirst().method());
            return new Verdict.Proceed(List.of(new HeaderEdit.Prepend(Header.of("X-Shadow", "1"))),
                    List.of(new Finding("shadow", "pass", Map.of())));
        });
        Filter before = onData((_, _) -> new Verdict.Proceed(List.of(),
                List.of(new Finding("spf", "pass", Map.of()))));
        Filter after = onData((context, message) -> {
            context.findings().forEach(finding -> seen.add("after " + finding.method()));
            message.headers().forEach(header -> seen.add(header.name()));
            return Verdict.proceed();
        });
        try (TestServer server = new TestServer("filters=before,shadow,after").with("before", before)
                .with("shadow", shadow).with("after", after).wanting("shadow", "mode=shadow");
                SmtpClient client = server.hello()) {
            client.message("Subject: x\r\n\r\n");
            told(server);
            assertThat(seen).containsExactlyInAnyOrder("after spf", "Received", "Subject", "spf");
            assertThat(server.message().headers()).extracting(Header::name).containsExactly("Authentication-Results",
                    "Received", "Subject");
        }
    }

    @Test
    void it_reads_the_message_as_it_would_have_in_its_place() throws IOException {
        CompletableFuture<String> text = new CompletableFuture<>();
        Filter before = onData((_, _) -> new Verdict.Proceed(
                List.of(new HeaderEdit.Prepend(Header.of("X-Before", "1"))), List.of()));
        Filter shadow = onData((_, message) -> {
            try (InputStream in = message.open()) {
                text.complete(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
            return Verdict.proceed();
        });
        Filter after = onData((_, _) -> new Verdict.Proceed(
                List.of(new HeaderEdit.Prepend(Header.of("X-After", "1"))), List.of()));
        try (TestServer server = new TestServer("filters=before,shadow,after").with("before", before)
                .with("shadow", shadow).with("after", after).wanting("shadow", "mode=shadow");
                SmtpClient client = server.hello()) {
            client.message("Subject: x\r\n\r\nbody");
            assertThat(text).isCompletedWithValueMatching(
                    all -> all.startsWith("X-Before: 1") && all.endsWith("body\r\n") && !all.contains("X-After"));
        }
    }

    @Test
    void a_slow_one_holds_up_no_command_and_a_message_for_as_long_as_the_operator_allows() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        Recorder slow = Recorder.silent().saying(Phase.MAIL, () -> {
            never.await();
            return Verdict.proceed();
        });
        try (TestServer server = shadowing(slow, "shadow.wait=300ms"); SmtpClient client = server.hello()) {
            client.transaction("s@example.org", "alice@demo.test");
            client.command("DATA", 354);
            // on its own thread: nobody has waited for it
            await().untilAsserted(
                    () -> assertThat(slow.phases()).as("it was asked and has not answered").endsWith("mail"));
            long began = System.nanoTime();
            client.command(".", 250);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(Duration.ofMillis(300),
                    Duration.ofSeconds(10));
            assertThat(told(server).fields().get("filters")).contains("shadow/1.0.0 mail failed");
            await().untilAsserted(() -> assertThat(server.counters("shadow", "serves")).containsEntry("failed", 1L)
                    .containsEntry("differed", 0L));
            assertThat(server.events(Kind.ALARM)).isEmpty();
        }
    }

    @Test
    void several_slow_ones_are_waited_for_at_the_same_time() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        String[] names = {"a", "b", "c", "d", "e", "f"};
        try (TestServer server = new TestServer("filters=" + String.join(",", names))) {
            for (String name : names) {
                server.with(name, Recorder.silent().saying(Phase.DATA, () -> {
                    never.await();
                    return Verdict.proceed();
                })).wanting(name, "mode=shadow", "shadow.wait=1s");
            }
            try (SmtpClient client = server.hello()) {
                client.transaction("s@example.org", "alice@demo.test");
                client.command("DATA", 354);
                long began = System.nanoTime();
                client.command(".", 250);
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(Duration.ofSeconds(1),
                        Duration.ofMillis(4500));
            }
        }
    }

    @Test
    void one_that_is_still_reading_then_reads_no_more() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        CompletableFuture<Exception> thrown = new CompletableFuture<>();
        Filter stubborn = onData((_, message) -> {
            try (InputStream in = message.open()) {
                in.read();
                awaitWhatever(over);
                in.read();
                return Verdict.proceed();
            } catch (IOException e) {
                thrown.complete(e);
                throw e;
            }
        });
        try (TestServer server = shadowing(stubborn, "shadow.wait=100ms"); SmtpClient client = server.hello()) {
            assertThat(client.message("")).startsWith("250");
            over.countDown();
            assertThat(thrown.join()).hasMessage("the message was not waited for");
        }
    }

    // nobody can interrupt it
    private static void awaitWhatever(CountDownLatch latch) {
        boolean waits = true;
        while (waits) {
            try {
                latch.await();
                waits = false;
            } catch (InterruptedException e) {
                waits = true;
            }
        }
    }

    @Test
    void it_may_be_missing_or_broken() throws IOException {
        try (TestServer server = new TestServer("filters=shadow").wanting("shadow", "mode=shadow");
                SmtpClient client = server.hello()) {
            assertThat(client.message("")).startsWith("250");
            server.with("shadow", Recorder.silent().saying(Phase.BEGIN, () -> {
                throw new NoClassDefFoundError("half replaced");
            }));
            assertThat(client.message("")).startsWith("250");
            assertThat(server.events(Kind.ALARM)).isEmpty();
            await().untilAsserted(
                    () -> assertThat(server.counters("shadow", "serves")).containsEntry("failed", 1L));
        }
    }

    @Test
    void it_keeps_its_lease_until_it_has_ended() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        Recorder slow = Recorder.silent().saying(Phase.MAIL, () -> {
            goOn.await();
            return Verdict.proceed();
        });
        try (TestServer server = shadowing(slow); SmtpClient client = server.hello()) {
            client.command("MAIL FROM:<s@example.org>", 250);
            client.command("RSET", 250);
            CompletableFuture<Boolean> gone = CompletableFuture.supplyAsync(
                    () -> server.plugins.remove(slow, Duration.ofSeconds(30)), Thread::startVirtualThread);
            await().until(() -> server.plugins.plugins().stream().anyMatch(plugin -> plugin.draining()));
            assertThat(gone).isNotDone();
            goOn.countDown();
            assertThat(gone.get()).isTrue();
            assertThat(slow.asked).endsWith("close");
        }
    }

    @Test
    void a_canary_in_shadow_is_compared_with_the_version_that_serves() throws IOException {
        Recorder old = Recorder.refusing(Phase.RCPT);
        Recorder fresh = Recorder.refusing(Phase.MAIL);
        try (TestServer server = new TestServer("filters=probe").with("probe", "1.0.0", old, NOTHING)
                .with("probe", "2.0.0", fresh, NOTHING).wanting("probe", "canary.mode=shadow");
                SmtpClient client = server.hello()) {
            client.command("MAIL FROM:<s@example.org>", 250);
            client.command("RCPT TO:<alice@demo.test>", 550);
            client.command("RSET", 250);
            MailEvent told = told(server);
            assertThat(told.fields()).containsEntry("differs", "yes").containsEntry("taken", "proceed");
            assertThat(told.fields().get("filters")).contains("probe/2.0.0 mail refuse ")
                    .contains("probe/2.0.0 rcpt proceed ");
            assertThat(server.events(Kind.FILTERED)).singleElement().satisfies(
                    event -> assertThat(event.fields().get("filters")).contains("probe/1.0.0 rcpt refuse ")
                            .doesNotContain("2.0.0"));
            assertThat(server.server.links()).extracting(link -> link.role() + " " + link.version() + " " + link.mode())
                    .containsExactly("canary 2.0.0 shadow", "serves 1.0.0 enforce");
        }
    }

    @Test
    void a_canary_that_refuses_the_same_message_does_not_differ() throws IOException {
        try (TestServer server = new TestServer("filters=probe")
                .with("probe", "1.0.0", Recorder.refusing(Phase.DATA), NOTHING)
                .with("probe", "2.0.0", Recorder.refusing(Phase.DATA), NOTHING).wanting("probe", "canary.mode=shadow");
                SmtpClient client = server.hello()) {
            assertThat(client.message("")).startsWith("550");
            assertThat(told(server).fields()).containsEntry("taken", "refuse").containsEntry("differs", "no");
        }
    }

    @Test
    void a_canary_that_says_the_same_does_not_differ() throws IOException {
        try (TestServer server = new TestServer("filters=probe,next")
                .with("probe", "1.0.0", Recorder.silent(), NOTHING).with("probe", "2.0.0", Recorder.silent(), NOTHING)
                .with("next", Recorder.refusing(Phase.RCPT)).wanting("probe", "canary.mode=shadow");
                SmtpClient client = server.hello()) {
            client.command("MAIL FROM:<s@example.org>", 250);
            client.command("RCPT TO:<alice@demo.test>", 550);
            client.command("RSET", 250);
            assertThat(told(server).fields()).as("though another has refused").containsEntry("differs", "no");
        }
    }

}
