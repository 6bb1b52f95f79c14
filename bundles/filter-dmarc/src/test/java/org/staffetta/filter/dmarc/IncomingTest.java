package org.staffetta.filter.dmarc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.staffetta.filter.dmarc.ReportFixture.gzip;
import static org.staffetta.filter.dmarc.ReportFixture.octets;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Recipient;
import org.staffetta.domainkey.TestMessage;

/** From mail with reports of others to what an operator sees. */
class IncomingTest {

    private static final Instant DAY = Instant.parse("2026-11-23T00:00:00Z");
    private static final Verdict PASSED = new Verdict.Proceed(List.of(),
            List.of(new Finding("dmarc", "pass", Map.of("header.from", "reporter.example"))));

    @TempDir
    Path folder;

    private Instant now = DAY.plus(Duration.ofHours(30));
    private Verdict verdict = PASSED;
    private String addresses = "dmarc-reports@example.org";

    private IncomingSettings settings() {
        return IncomingSettings.of(DmarcFilterTest.config(Map.of("incoming", addresses.split(",", -1))));
    }

    private Verdict receive(Message... messages) throws Exception {
        Incoming incoming = new Incoming(folder, () -> now, settings());
        Verdict last = Verdict.proceed();
        for (Message message : messages) {
            last = receive(incoming, message);
        }
        incoming.stop();
        return last;
    }

    private Verdict receive(Incoming incoming, Message message) throws IOException {
        Envelope envelope = new Envelope(Address.parse("x@reporter.example"),
                List.of(new Recipient(Address.parse("bob@example.org")),
                        new Recipient(Address.parse("DMARC-reports@example.org"))),
                Map.of());
        Filter.Transaction judging = new Filter.Transaction() {
            @Override
            public Verdict data(Envelope given, Message read) {
                return verdict;
            }
        };
        try (Filter.Transaction transaction = new ReadingTransaction(judging, incoming)) {
            return transaction.data(envelope, message);
        }
    }

    private static TestMessage report(String organization, String id, Instant begin, String... rows) {
        return message("application/gzip",
                gzip(octets(ReportFixture.xml(organization, id, "example.org", begin, rows))));
    }

    private static TestMessage message(String type, byte[] attachment) {
        return TestMessage.of(new String(ReportFixture.message(type, attachment), StandardCharsets.ISO_8859_1));
    }

    private List<String> dmarc(String... words) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new DmarcCommand(new ReportStore(folder, () -> now), () -> now).run(words,
                new PrintStream(out, true, StandardCharsets.UTF_8));
        return List.of(out.toString(StandardCharsets.UTF_8).split("\n"));
    }

    @Test
    void who_fails_is_seen_first() throws Exception {
        assertThat(receive(
                report("google.com", "1", DAY, "192.0.2.1 100 pass pass", "198.51.100.9 3 fail fail",
                        "2001:db8::7 12 fail fail"),
                report("yahoo.com", "7", DAY, "192.0.2.1 5 pass pass", "198.51.100.9 1 fail fail"))).isSameAs(PASSED);

        assertThat(dmarc()).containsExactly("example.org: 121 messages in 2 reports, 16 did not pass",
                "DOMAIN       SOURCE                MESSAGES  DKIM  SPF   DONE  REPORTED BY            LAST",
                "example.org  2001:db8:0:0:0:0:0:7  12        fail  fail  none  google.com             2026-11-23",
                "example.org  198.51.100.9          4         fail  fail  none  google.com, yahoo.com  2026-11-23",
                "example.org  192.0.2.1             105       pass  pass  none  google.com, yahoo.com  2026-11-23");
        assertThat(dmarc("example.org", "--json")).element(1).isEqualTo(
                "{\"domain\":\"example.org\",\"source\":\"198.51.100.9\",\"messages\":4,\"dkim\":\"fail\",\"spf\":\"fail\","
                        + "\"disposition\":\"none\",\"reporters\":[\"google.com\",\"yahoo.com\"],\"last\":\"2026-11-23\"}");
        assertThat(dmarc("other.example", "--days", "30"))
                .containsExactly("There is no report since 2026-10-25 about other.example: dmarc.incoming names the "
                        + "addresses to which they come.");
    }

    @Test
    void a_report_that_comes_twice_counts_once_also_after_a_restart() throws Exception {
        TestMessage report = report("google.com", "1", DAY, "192.0.2.1 100 pass pass");
        receive(report, report);
        receive(report, report("google.com", "2", DAY, "192.0.2.1 1 pass pass"));

        assertThat(dmarc()).first().isEqualTo("example.org: 101 messages in 2 reports, 0 did not pass");
    }

    @Test
    void a_reporter_whom_dmarc_has_not_shown_is_told_apart() throws Exception {
        verdict = Verdict.proceed();
        receive(report("google.com", "1", DAY, "192.0.2.1 100 pass pass"));

        assertThat(dmarc()).last().asString().contains("google.com?");
    }

    @Test
    void what_is_refused_or_for_others_is_not_read() throws Exception {
        verdict = Verdict.reject("5.7.1", "no");
        receive(report("google.com", "1", DAY, "192.0.2.1 100 pass pass"));
        verdict = new Verdict.Quarantine("strange");
        receive(report("google.com", "1", DAY, "192.0.2.1 100 pass pass"));
        verdict = PASSED;
        for (String other : List.of("", "alice@example.org", "dmarc-reports@example.com")) {
            addresses = other;
            receive(report("google.com", "1", DAY, "192.0.2.1 100 pass pass"));
        }

        assertThat(dmarc("--json")).containsExactly("");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    /** A message that fails, or never ends to come. */
    private record Odd(long size, InputStream content) implements Message {
        @Override
        public List<Header> headers() {
            return List.of();
        }

        @Override
        public InputStream open() throws IOException {
            return content;
        }

        @Override
        public InputStream openBody() throws IOException {
            throw new IOException("nobody asks");
        }
    }

    @Test
    void whatever_comes_the_verdict_stays_and_the_next_report_is_read() throws Exception {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the disk is gone");
            }
        };
        byte[] bomb = gzip(new byte[10_000_000]);

        assertThat(receive(message("application/gzip", bomb), message("text/xml", octets("<feedback>&x;")),
                TestMessage.of("Subject: hello\r\n\r\nis this where reports go?\r\n"), new Odd(100, broken),
                new Odd(14_000_001, InputStream.nullInputStream()),
                report("google.com", "1", DAY, "192.0.2.1 100 pass pass"))).isSameAs(PASSED);

        assertThat(dmarc()).first().asString().startsWith("example.org: 100 messages in 1 reports");
    }

    @Test
    void reception_waits_for_nothing_and_what_waits_is_bounded() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Incoming incoming = new Incoming(folder, () -> {
            reading.countDown();
            await(goOn);
            return now;
        }, settings());
        receive(incoming, report("google.com", "0", DAY, "192.0.2.1 1 pass pass"));
        await(reading);

        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 1; i <= 200; i++) {
            verdicts.add(receive(incoming, report("google.com", "" + i, DAY, "192.0.2.1 1 pass pass")));
        }
        goOn.countDown();
        incoming.stop();

        assertThat(verdicts).hasSize(200).containsOnly(PASSED);
        assertThat(dmarc()).first().isEqualTo("example.org: 101 messages in 101 reports, 0 did not pass");
    }

    @Test
    void not_more_than_28_MB_wait() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Incoming incoming = new Incoming(folder, () -> {
            reading.countDown();
            await(goOn);
            return now;
        }, settings());
        receive(incoming, report("google.com", "0", DAY, "192.0.2.1 1 pass pass"));
        await(reading);
        for (int i = 1; i <= 5; i++) {
            TestMessage report = report("google.com", "" + i, DAY, "192.0.2.1 1 pass pass");
            byte[] octets = report.text().getBytes(StandardCharsets.ISO_8859_1);
            receive(incoming, new Odd(9_000_000, new ByteArrayInputStream(octets)));
        }
        goOn.countDown();
        incoming.stop();

        assertThat(dmarc()).first().asString().startsWith("example.org: 4 messages in 4 reports");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void days_are_kept_as_long_as_is_said_and_no_other_days_are_made_up() throws Exception {
        receive(report("google.com", "1", DAY, "192.0.2.1 100 pass pass"),
                report("google.com", "2", DAY.minus(Duration.ofDays(100)), "192.0.2.1 100 pass pass"),
                report("google.com", "3", DAY.plus(Duration.ofDays(5)), "192.0.2.1 100 pass pass"));
        assertThat(days()).containsExactly("2026-11-23.tsv");

        now = now.plus(Duration.ofDays(91));
        receive(report("google.com", "4", DAY.plus(Duration.ofDays(91)), "192.0.2.1 1 pass pass"));
        assertThat(days()).containsExactly("2027-02-22.tsv");
    }

    private List<String> days() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".tsv")).toList();
        }
    }

    @Test
    void a_day_has_so_many_lines_and_no_more() throws IOException {
        ReportStore store = new ReportStore(folder, () -> now);
        List<ReportStore.Fate> fates = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int net = i;
            Map<AggregateReport.Row, Long> rows = new HashMap<>();
            IntStream.range(0, 1_000).forEach(host -> rows.put(
                    new AggregateReport.Row("10." + net + "." + host / 256 + "." + host % 256, "none", false, false),
                    1L));
            fates.add(store.add(new AggregateReport("r.example", "" + i, "example.org", DAY, DAY, rows), "",
                    Duration.ofDays(90)));
        }

        assertThat(fates).startsWith(ReportStore.Fate.KEPT).endsWith(ReportStore.Fate.NO_ROOM);
        assertThat(store.lines(LocalDate.EPOCH)).hasSizeBetween(9_900, 10_000);
    }

    @Test
    void the_day_is_that_in_the_middle() {
        assertThat(new AggregateReport("r", "1", "example.org", DAY.minus(Duration.ofHours(9)),
                DAY.plus(Duration.ofHours(15)), Map.of()).day()).hasToString("2026-11-23");
    }

    @Test
    void wrong_words_and_settings_are_told() {
        for (String[] words : List.of(new String[]{"a", "b"}, new String[]{"--days"}, new String[]{"--days", "0"},
                new String[]{"--days", "x"}, new String[]{"no domain"}, new String[]{"--all"})) {
            assertThatThrownBy(() -> dmarc(words)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> IncomingSettings.of(DmarcFilterTest.config(Map.of("incoming_keep", "1h"))))
                .hasMessage("incoming.keep: write 1d to 400d, not 1h");
        assertThatThrownBy(
                () -> IncomingSettings.of(DmarcFilterTest.config(Map.of("incoming", new String[]{"postmaster"}))))
                .hasMessage("incoming: 'postmaster': an address needs a domain");
    }
}
