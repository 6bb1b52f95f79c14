package org.staffetta.filter.dmarc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.dns.DnsException;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Header;
import org.staffetta.api.signing.MessageSigner;
import org.staffetta.domainkey.TestMessage;
import org.w3c.dom.Document;

/** From messages to reports: collected, kept, made, queued once. */
class ReportsTest {

    private static final Instant DAY = Instant.parse("2026-11-23T00:00:00Z");

    @TempDir
    Path folder;

    private final Zone zone = new Zone()
            .txt("_dmarc.bank.example", "v=DMARC1; p=reject; sp=none; rua=mailto:d@bank.example")
            .txt("_dmarc.shop.example", "v=DMARC1; p=none; t=x; rua=mailto:shop@collector.example");
    private final MemorySpool spool = new MemorySpool();
    private final ReportSettings settings = ReportSettings.of(DmarcFilterTest.config(
            Map.of("report_send", true, "report_from", "dmarc@mx.example", "hostname", "mx.example")));
    private final List<MessageSigner> signers = new ArrayList<>();
    private Instant now = DAY.plus(Duration.ofHours(10));
    private Collector collector;

    @BeforeEach
    void begin() {
        collector = new Collector(folder, () -> now);
    }

    private Sample sample(String author, String client, String override) throws DnsException {
        TreeWalk.Found found = new TreeWalk(zone).from(author).policy().orElseThrow();
        List<Finding> findings = List.of(
                new Finding("dkim", "fail", Map.of("header.d", "x<y.example", "header.s", "s1")),
                new Finding("dkim", "none", Map.of()),
                new Finding("spf", "pass", Map.of("smtp.mailfrom", "other.example")));
        return new Sample(Sample.Heading.of(found), new Sample.Row(client, "none", false, true, override,
                override.isEmpty() ? "" : "a & b\t\u00e4", author, "other.example", Sample.checks(findings, false)));
    }

    private int send() throws IOException {
        int sent = 0;
        for (Collector.Period period : collector.over()) {
            sent += new Dispatch(collector, settings, zone, spool.spool(), signers, now).send(period);
        }
        return sent;
    }

    private void nextDay() throws IOException {
        collector.save();
        now = DAY.plus(Duration.ofHours(25));
        collector.save();
    }

    private static Document xml(MemorySpool.Stored message) throws Exception {
        String[] parts = message.body().split("\r\n\r\n", 3);
        String base64 = parts[2].substring(0, parts[2].indexOf("--"));
        try (InputStream in = new GZIPInputStream(
                new ByteArrayInputStream(Base64.getMimeDecoder().decode(base64)))) {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(in);
        }
    }

    private static String text(Document xml, String element) {
        return xml.getElementsByTagNameNS("urn:ietf:params:xml:ns:dmarc-2.0", element).item(0).getTextContent();
    }

    @Test
    void a_line_can_be_read_again() throws DnsException {
        Sample sample = sample("bank.example", "192.0.2.1", "");

        assertThat(Sample.parse(sample.text())).isEqualTo(sample);
        assertThat(sample("bank.example", "2001:db8::1", "other").text()).doesNotContain("\n").contains("a & b??");
        assertThatThrownBy(() -> Sample.parse("bank.example\tnone")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_day_becomes_one_report_for_each_policy() throws Exception {
        for (int i = 0; i < 3; i++) {
            collector.add(sample("bank.example", "192.0.2.1", ""), settings);
        }
        collector.add(sample("a.bank.example", "192.0.2.2", "local_policy"), settings);
        assertThat(send()).as("the day is not over").isZero();
        nextDay();

        assertThat(send()).isEqualTo(1);
        MemorySpool.Stored message = spool.stored.getFirst();
        assertThat(message.envelope().sender()).hasToString("dmarc@mx.example");
        assertThat(message.envelope().recipients()).extracting(one -> one.address().toString())
                .containsExactly("d@bank.example");
        assertThat(message.value("Subject")).matches(
                "Report Domain: bank.example Submitter: mx.example Report-ID: <1795392000\\.[0-9a-f]{8}\\.bank\\.example@mx\\.example>");
        assertThat(message.body()).contains("filename=\"mx.example!bank.example!1795392000!1795478399.xml.gz\"")
                .doesNotContainPattern("(?<!\r)\n").endsWith("--\r\n");
        Document xml = xml(message);
        assertThat(text(xml, "begin")).isEqualTo("1795392000");
        assertThat(text(xml, "p")).isEqualTo("reject");
        assertThat(text(xml, "sp")).isEqualTo("none");
        assertThat(text(xml, "discovery_method")).isEqualTo("treewalk");
        assertThat(xml.getElementsByTagName("record").getLength()).isEqualTo(2);
        assertThat(text(xml, "count")).isEqualTo("3");
        assertThat(text(xml, "source_ip")).isEqualTo("192.0.2.1");
        assertThat(text(xml, "selector")).isEqualTo("s1");
        assertThat(text(xml, "type")).isEqualTo("local_policy");
        assertThat(text(xml, "comment")).isEqualTo("a & b??");
    }

    @Test
    void what_is_sent_can_be_read_as_the_reports_of_others_are() throws Exception {
        collector.add(sample("bank.example", "192.0.2.1", ""), settings);
        collector.add(sample("bank.example", "192.0.2.1", ""), settings);
        collector.add(sample("a.bank.example", "2001:db8::1", "other"), settings);
        nextDay();
        send();

        MemorySpool.Stored sent = spool.stored.getFirst();
        String message = new TestMessage(sent.headers(), sent.body()).text();
        assertThat(new ReportMessage(new Budget()).read(new ByteArrayInputStream(
                message.getBytes(StandardCharsets.ISO_8859_1)))).singleElement().satisfies(report -> {
                    assertThat(report.organization()).isEqualTo("mx.example");
                    assertThat("<" + report.id() + ">").isEqualTo(sent.value("Message-ID"));
                    assertThat(report.domain()).isEqualTo("bank.example");
                    assertThat(report.day()).hasToString("2026-11-23");
                    assertThat(report.rows()).isEqualTo(Map.of(
                            new AggregateReport.Row("192.0.2.1", "none", false, true), 2L,
                            new AggregateReport.Row("2001:db8:0:0:0:0:0:1", "none", false, true), 1L));
                });
    }

    @Test
    void what_is_sent_is_gone_and_never_sent_again() throws Exception {
        collector.add(sample("bank.example", "192.0.2.1", ""), settings);
        nextDay();
        send();

        assertThat(send()).isZero();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void without_room_in_the_spool_it_goes_on_later_where_it_stopped() throws Exception {
        zone.txt("shop.example._report._dmarc.collector.example", "v=DMARC1");
        collector.add(sample("bank.example", "192.0.2.1", ""), settings);
        collector.add(sample("shop.example", "192.0.2.1", ""), settings);
        nextDay();
        spool.room = 1;
        assertThatThrownBy(this::send).isInstanceOf(IOException.class);
        assertThat(spool.stored).hasSize(1);

        spool.room = 9;
        assertThat(send()).isEqualTo(1);
        assertThat(spool.stored).extracting(message -> message.envelope().recipients().getFirst().address().toString())
                .containsExactlyInAnyOrder("d@bank.example", "shop@collector.example");
    }

    @Test
    void a_report_is_signed_whole_or_waits_for_who_should_sign_it() throws Exception {
        signers.add(message -> {
            throw new IOException("the key cannot be read");
        });
        collector.add(sample("bank.example", "192.0.2.1", ""), settings);
        nextDay();
        assertThatThrownBy(this::send).hasMessage("the key cannot be read");
        assertThat(spool.stored).isEmpty();

        signers.set(0, message -> List.of(Header.of("First", message.size() + " " + message.headers().size())));
        signers.add(message -> List.of(Header.of("Second", message.headers().getFirst().name())));
        assertThat(send()).isEqualTo(1);
        MemorySpool.Stored report = spool.stored.getFirst();
        assertThat(report.headers()).extracting(Header::name).startsWith("Second", "First", "Date");
        assertThat(report.value("Second")).isEqualTo("First");
        int fields = report.headers().size() - 2;
        long size = new TestMessage(report.headers().subList(2, fields + 2), report.body()).size();
        assertThat(report.value("First")).isEqualTo(size + " " + fields);
    }

    @Test
    void what_was_collected_before_a_restart_counts_too() throws Exception {
        collector.add(sample("bank.example", "192.0.2.1", ""), settings);
        collector.save();
        begin();
        collector.add(sample("bank.example", "192.0.2.1", ""), settings);
        Files.writeString(folder.resolve("1795392000-1795478400-0.tsv"), "x\n1\tdamaged\n");
        nextDay();

        assertThat(send()).isEqualTo(1);
        assertThat(text(xml(spool.stored.getFirst()), "count")).isEqualTo("2");
    }

    @Test
    void what_is_wrong_with_a_policy_and_what_did_not_fit_is_told() throws Exception {
        zone.txt("shop.example._report._dmarc.collector.example", "v=DMARC1");
        ReportSettings narrow = new ReportSettings(true, "mx.example", settings.from(), "Us", Duration.ofDays(1), 1,
                "file");
        collector.add(sample("shop.example", "192.0.2.1", ""), narrow);
        collector.add(sample("shop.example", "192.0.2.2", ""), narrow);
        collector.add(sample("shop.example", "192.0.2.1", ""), narrow);
        nextDay();
        send();

        assertThat(text(xml(spool.stored.getFirst()), "error")).isEqualTo("t=x is not allowed");
        assertThat(text(xml(spool.stored.getFirst()), "count")).isEqualTo("2");
    }

    @Test
    void who_is_named_by_another_must_have_agreed() throws DnsException {
        Destinations destinations = new Destinations(zone);
        List<String> outside = List.of("mailto:d%40x+y@collector.example", "https://collector.example/",
                "mailto:nobody");
        assertThat(destinations.of("bank.example", List.of("mailto:d@mail.bank.example?subject=x")))
                .containsExactly(Address.parse("d@mail.bank.example"));
        assertThat(destinations.of("bank.example", List.of("mailto:d@collector.example"))).isEmpty();
        assertThat(destinations.of("bank.example", outside)).isEmpty();

        zone.txt("bank.example._report._dmarc.collector.example", "v=DMARC1;");
        assertThat(destinations.of("bank.example", List.of("mailto:a+b@collector.example")))
                .containsExactly(Address.parse("a+b@collector.example"));
        zone.txt("bank.example._report._dmarc.moved.example", "v=DMARC1; rua=mailto:new@moved.example")
                .txt("bank.example._report._dmarc.evil.example", "v=DMARC1; rua=mailto:victim@other.example")
                .silent("bank.example._report._dmarc.silent.example");
        assertThat(destinations.of("bank.example", List.of("mailto:a@moved.example")))
                .containsExactly(Address.parse("new@moved.example"));
        assertThat(destinations.of("bank.example", List.of("mailto:a@evil.example"))).isEmpty();
        assertThatThrownBy(() -> destinations.of("bank.example", List.of("mailto:a@silent.example")))
                .isInstanceOf(DnsException.class);
    }

    @Test
    void the_filter_counts_what_could_be_judged_for_those_who_ask() throws IOException {
        List<Sample> samples = DmarcFilterTest.samples(zone, "bank.example", List.of(
                new Finding("spf", "none", Map.of()), new Finding("dkim", "none", Map.of())));
        assertThat(samples).singleElement().satisfies(one -> {
            assertThat(one.row().disposition()).isEqualTo("reject");
            assertThat(one.row().client()).isEqualTo("192.0.2.1");
            assertThat(one.row().sender()).isEqualTo("other.example");
        });
        zone.txt("_dmarc.quiet.example", "v=DMARC1; p=reject");
        assertThat(DmarcFilterTest.samples(zone, "quiet.example", List.of())).isEmpty();
    }

    @Test
    void the_settings_are_checked() {
        assertThatThrownBy(() -> ReportSettings.of(DmarcFilterTest.config(Map.of("report_period", "2d"))))
                .hasMessage("report.period: write 10m to 1d, not 2d");
        assertThatThrownBy(() -> ReportSettings.of(DmarcFilterTest.config(Map.of("report_from", "nobody"))))
                .hasMessage("report.from: an address needs a domain");
    }
}
