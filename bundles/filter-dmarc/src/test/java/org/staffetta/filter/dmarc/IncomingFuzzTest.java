package org.staffetta.filter.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.staffetta.api.mail.Address;
import org.staffetta.domainkey.DomainName;
import org.yaml.snakeyaml.Yaml;

/** Reports of others: whatever comes is one or a reason, one of ours is read as it was counted, and what is shown of it are lines. */
class IncomingFuzzTest {

    private static final String PRINTABLE = "[ -~]*";
    private static final List<String> TAGS = List.of("none", "none", "none", "n", "r", "r", "0");
    private static final long END = 1_700_086_400;

    /** What came of reading: reports, or why there are none. */
    private record Read(List<AggregateReport> reports, String reason) {}

    private interface Reading {
        List<AggregateReport> run() throws IOException;
    }

    /** The input is XML, or so it says. A report that is written again from what was understood is the same. */
    @FuzzTest
    void xml_is_a_report_or_a_reason_and_the_same_however_it_is_packed(byte[] octets) throws IOException {
        Read read = attachment(ReportFixture.gzip(octets));
        assertThat(attachment(zip(octets))).isEqualTo(read);
        assertThat(attachment(zip("To be read first.".getBytes(StandardCharsets.US_ASCII), octets))).isEqualTo(read);
        Read mailed = message(ReportFixture.message("text/plain; charset=x", ReportFixture.gzip(octets)));
        assertThat(mailed.reports()).isEqualTo(read.reports());
        assertThat(mailed.reason()).isEqualTo(read.reports().isEmpty() && read.reason().isEmpty()
                ? "there is no report in it"
                : read.reason());
        for (AggregateReport report : read.reports()) {
            requireModest(report);
            assertThat(AggregateReader.read(new StringReader(again(report)))).isEqualTo(report);
        }
    }

    @FuzzTest
    void an_attachment_is_a_report_or_nothing_or_a_reason(byte[] octets) throws IOException {
        attachment(octets).reports().forEach(IncomingFuzzTest::requireModest);
    }

    @FuzzTest
    void a_message_has_reports_or_a_reason(byte[] octets) throws IOException {
        Read read = message(octets);
        assertThat(read.reports().isEmpty()).isEqualTo(!read.reason().isEmpty());
        read.reports().forEach(IncomingFuzzTest::requireModest);
    }

    /**
     * The input is organization, address, id and domain, each a line, and then rows {@code address disposition dkim spf count}. The counts are those of a naive
     * adding up.
     */
    @FuzzTest
    void a_report_of_ours_is_read_as_it_was_counted(byte[] octets) throws IOException {
        String[] lines = new String(octets, StandardCharsets.ISO_8859_1).split("\n", -1);
        Optional<String> domain = lines.length < 4 ? Optional.empty() : DomainName.parse(lines[3]);
        if (domain.isEmpty() || short200(lines[0]).isEmpty()) {
            return;
        }
        Map<Sample.Row, Long> rows = new LinkedHashMap<>();
        Map<AggregateReport.Row, Long> expected = new HashMap<>();
        for (int i = 4; i < Math.min(lines.length, 200); i++) {
            String[] cells = lines[i].split("\t", -1);
            Optional<AggregateReport.Row> row = cells.length == 5 && cells[4].matches("[0-9]{1,9}")
                    ? row(cells)
                    : Optional.empty();
            row.ifPresent(one -> {
                long count = Long.parseLong(cells[4]);
                rows.merge(new Sample.Row(one.source(), one.disposition(), one.dkim(), one.spf(), cells[2].length() > 4
                        ? "other"
                        : "", cells[3].replaceAll("[^ -~]", "?"), domain.get(), "", List.of()), count, Long::sum);
                expected.merge(one, count, Long::sum);
            });
        }
        ReportXml.Metadata metadata = new ReportXml.Metadata(short200(lines[0]), short200(lines[1]),
                short200(lines[2]), END - 86_400, END, 0);
        AggregateReport report = new AggregateReport(short200(lines[0]), short200(lines[2]), domain.get(),
                Instant.ofEpochSecond(END - 86_400), Instant.ofEpochSecond(END - 1), expected);
        byte[] mail = mail(metadata, new Sample.Heading(domain.get(), TAGS, List.of(), ""), rows);
        assertThat(message(mail)).isEqualTo(new Read(List.of(report), ""));
    }

    /** The input is who has sent it, in a line, and a report. */
    @FuzzTest
    void what_is_kept_of_a_report_is_shown_in_lines(byte[] octets) throws IOException {
        String[] parts = new String(octets, StandardCharsets.ISO_8859_1).split("\n", 2);
        String author = DomainName.parse(parts[0]).orElse("");
        Read read = attachment(
                ReportFixture.gzip(parts.length < 2 ? new byte[0] : parts[1].getBytes(StandardCharsets.ISO_8859_1)));
        if (read.reports().isEmpty()) {
            return;
        }
        AggregateReport report = read.reports().getFirst();
        Path folder = Files.createTempDirectory("reports");
        try {
            requireShown(folder, report, author);
        } finally {
            for (String name : List.of("lock", report.day() + ".tsv", "")) {
                Files.deleteIfExists(folder.resolve(name));
            }
        }
    }

    private static void requireShown(Path folder, AggregateReport report, String author) throws IOException {
        LocalDate day = report.day();
        Instant now = day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        ReportStore store = new ReportStore(folder, () -> now);
        assertThat(store.add(report, author, Duration.ofDays(9))).isEqualTo(ReportStore.Fate.KEPT);
        assertThat(store.add(report, author, Duration.ofDays(9))).isEqualTo(ReportStore.Fate.KNOWN);
        assertThat(store.reports(day)).isEqualTo(Map.of(report.domain(), 1L));
        assertThat(store.lines(day)).containsExactlyInAnyOrderElementsOf(report.rows().entrySet().stream()
                .map(row -> new ReportStore.Line(day, report.organization(), author, report.domain(), row.getKey(),
                        row.getValue()))
                .toList());
        assertThat(shown(store, now)).hasSize(report.rows().isEmpty() ? 1 : 2 + report.rows().size())
                .allMatch(line -> line.matches(PRINTABLE) && line.length() < 1_000);
        Map<AggregateReport.Row, Long> told = new HashMap<>();
        for (String line : report.rows().isEmpty() ? List.<String>of() : shown(store, now, "--json")) {
            assertThat(line).matches(PRINTABLE);
            Map<String, Object> object = new Yaml().load(line);
            assertThat(object).containsEntry("domain", report.domain())
                    .containsEntry("reporters", List.of(report.organization() + (author.isEmpty() ? "?" : "")));
            told.put(new AggregateReport.Row(String.valueOf(object.get("source")),
                    String.valueOf(object.get("disposition")), "pass".equals(object.get("dkim")),
                    "pass".equals(object.get("spf"))),
                    Long.parseLong(String.valueOf(object.get("messages"))));
        }
        assertThat(told).isEqualTo(report.rows());
    }

    private static List<String> shown(ReportStore store, Instant now, String... words) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new DmarcCommand(store, () -> now).run(words, new PrintStream(out, true, StandardCharsets.UTF_8));
        return List.of(out.toString(StandardCharsets.UTF_8).split("\n"));
    }

    private static void requireModest(AggregateReport report) {
        assertThat(report.organization()).isNotEmpty();
        for (String text : List.of(report.organization(), report.id(), report.domain())) {
            assertThat(text).matches(PRINTABLE).hasSizeLessThanOrEqualTo(256);
        }
        assertThat(DomainName.parse(report.domain())).contains(report.domain());
        assertThat(report.begin()).isBeforeOrEqualTo(report.end());
        // beyond the most that are told apart there is one for each way that a message may have gone
        assertThat(report.rows()).hasSizeLessThanOrEqualTo(1_000 + 4 * 5);
        report.rows().forEach((row, count) -> {
            assertThat(row.source()).matches("other|[0-9a-f.:]{3,45}");
            assertThat(count).isNotNegative();
        });
        assertThat(report.messages()).isGreaterThanOrEqualTo(report.unaligned()).isNotNegative();
    }

    // a number of more than twelve digits is none; what was added up may have more
    private static String again(AggregateReport report) throws IOException {
        Map<Sample.Row, Long> rows = new LinkedHashMap<>();
        report.rows().forEach((row, count) -> {
            long left = count;
            for (int i = 0; left > 0 || i == 0; i++) {
                long part = Math.min(left, 999_999_999_999L);
                rows.put(new Sample.Row(row.source(), row.disposition(), row.dkim(), row.spf(), "other", "" + i,
                        report.domain(), "", List.of(new Sample.Check("spf", "a.example", "mfrom", "pass"))), part);
                left -= part;
            }
        });
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ReportXml(out).write(new ReportXml.Metadata(report.organization(), "x@example.net", report.id(),
                report.begin().getEpochSecond(), report.end().getEpochSecond() + 1, 3),
                new Sample.Heading(report.domain(), TAGS, List.of(), "rua= is not allowed"), rows);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Optional<AggregateReport.Row> row(String[] cells) {
        byte[] octets = cells[0].getBytes(StandardCharsets.ISO_8859_1);
        String source = octets.length % 2 == 0
                ? "192.0.2." + octets.length % 256
                : "2001:db8:0:0:0:0:0:" + Integer.toHexString(octets.length);
        return List.of("none", "quarantine", "reject").contains(cells[1])
                ? Optional.of(new AggregateReport.Row(source, cells[1], cells[2].equals("pass"),
                        cells[3].equals("pass")))
                : Optional.empty();
    }

    private static String short200(String text) {
        String clean = text.replaceAll("[^ -~]", "?").strip();
        return clean.substring(0, Math.min(clean.length(), 200)).strip();
    }

    private static byte[] mail(ReportXml.Metadata metadata, Sample.Heading heading, Map<Sample.Row, Long> rows)
            throws IOException {
        MemorySpool spool = new MemorySpool();
        new ReportMail("mx.example.net", Address.parse("dmarc@example.net"), List.of(), Instant.ofEpochSecond(END))
                .post(spool.spool(), List.of(Address.parse("rua@example.org")), metadata, heading, rows);
        MemorySpool.Stored stored = spool.stored.getFirst();
        String fields = stored.headers().stream().map(field -> field.name() + ": " + field.value() + "\r\n")
                .collect(Collectors.joining());
        return (fields + "\r\n" + stored.body()).getBytes(StandardCharsets.US_ASCII);
    }

    private static Read attachment(byte[] octets) throws IOException {
        return read(() -> new Attachment(new ByteArrayInputStream(octets), new Budget()).read().stream().toList());
    }

    private static Read message(byte[] octets) throws IOException {
        InputStream in = new ByteArrayInputStream(octets);
        return read(() -> new ReportMessage(new Budget()).read(in));
    }

    private static Read read(Reading reading) throws IOException {
        try {
            return new Read(new ArrayList<>(reading.run()), "");
        } catch (EOFException early) {
            return new Read(List.of(), "it ends too early");
        } catch (IOException refused) {
            assertThat(refused.getMessage()).isNotEmpty().hasSizeLessThan(500).doesNotContain("\n", "\r");
            return new Read(List.of(), refused.getMessage());
        }
    }

    private static byte[] zip(byte[]... files) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (byte[] file : files) {
                zip.putNextEntry(new ZipEntry(out.size() + ".xml"));
                zip.write(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
