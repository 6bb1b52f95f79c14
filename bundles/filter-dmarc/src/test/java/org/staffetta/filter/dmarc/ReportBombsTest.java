package org.staffetta.filter.dmarc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.staffetta.filter.dmarc.ReportFixture.gzip;
import static org.staffetta.filter.dmarc.ReportFixture.octets;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent to keep us busy, to fill our memory, or to look at our files. The tests have a heap of 96 MB. */
@Timeout(20)
class ReportBombsTest {

    private static final Instant DAY = Instant.parse("2026-11-23T00:00:00Z");
    private static final String GOOD = ReportFixture.xml("r.example", "1", "example.org", DAY, "192.0.2.1 1 pass fail");
    private static final byte[] MEGABYTE_OF_ZEROS = gzip(new byte[1_000_000]);

    private static Optional<AggregateReport> read(byte[] attachment) throws IOException {
        return new Attachment(new ByteArrayInputStream(attachment), new Budget()).read();
    }

    private static void refused(byte[] attachment, String why) {
        assertThatThrownBy(() -> read(attachment)).isInstanceOf(IOException.class).hasMessageMatching(why)
                .message().doesNotContain("\n");
    }

    /** The same octets again and again. */
    private static InputStream cycling(byte[] octets, int times) {
        return new InputStream() {
            private long at;

            @Override
            public int read() {
                return at == (long) octets.length * times ? -1 : octets[(int) (at++ % octets.length)] & 0xff;
            }
        };
    }

    @Test
    void ten_gigabytes_of_zeros_behind_a_good_beginning_are_not_unpacked() {
        byte[] begin = gzip(octets("<feedback><report_metadata><org_name>x"));
        InputStream bomb = new SequenceInputStream(new ByteArrayInputStream(begin),
                cycling(MEGABYTE_OF_ZEROS, 10_000));

        assertThatThrownBy(() -> new Attachment(bomb, new Budget()).read()).isInstanceOf(IOException.class);
        assertThat(MEGABYTE_OF_ZEROS).hasSizeLessThan(1_100);
    }

    @Test
    void spaces_are_as_good_as_zeros_and_cost_no_more() {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        bomb.writeBytes(gzip(octets("<feedback>")));
        byte[] spaces = gzip("\n<a/>".repeat(200_000).getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 2_000; i++) {
            bomb.writeBytes(spaces);
        }

        refused(bomb.toByteArray(), "it unpacks to more than 100 times its size");
    }

    @Test
    void what_is_packed_badly_ends_at_25_MB() {
        InputStream endless = new SequenceInputStream(
                new ByteArrayInputStream(octets("<?xml version='1.0'?><feedback>")),
                cycling(octets("<b>x</b>\n"), 10_000_000));

        assertThatThrownBy(() -> new Attachment(endless, new Budget()).read())
                .hasMessage("it has more than 25000000 octets");
    }

    @Test
    void one_piece_of_XML_is_not_collected_for_ever() {
        for (String begin : List.of("<!--", "<feedback><![CDATA[", "<feedback a='", "<feedback><?x ", "<feedback><",
                "<feedback>")) {
            byte[] xml = octets("<?xml version='1.0'?>" + begin + "x".repeat(3_000_000));
            refused(xml,
                    begin.equals("<feedback>")
                            ? "it is not well-formed.*|it ends too early"
                            : "it has a piece of more than 1000000 characters|it is not well-formed: .*");
        }
    }

    @Test
    void elements_in_elements_are_not_followed_for_ever() {
        for (String element : List.of("<feedback>", "<a>", "<feedback><a>")) {
            refused(octets("<?xml version='1.0'?>" + element.repeat(500_000)), "its elements are nested too deeply");
        }
    }

    @Test
    void time_is_up_after_ten_seconds() {
        AtomicLong nanos = new AtomicLong();
        Budget budget = new Budget(nanos::get);
        InputStream slow = new InputStream() {
            @Override
            public int read() {
                nanos.addAndGet(Duration.ofMillis(1).toNanos());
                return ' ';
            }

            @Override
            public int read(byte[] octets, int offset, int length) {
                octets[offset] = (byte) read();
                return 1;
            }
        };
        InputStream report = new SequenceInputStream(new ByteArrayInputStream(octets("<feedback>")), slow);

        assertThatThrownBy(() -> new Attachment(report, budget).read())
                .hasMessage("it takes longer than 10 s to read");
    }

    private static byte[] zip(int files, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int i = 0; i < files; i++) {
                zip.putNextEntry(new ZipEntry(i + ".xml"));
                zip.write(content);
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    @Test
    void an_archive_in_an_archive_is_not_opened() {
        byte[] xml = octets(GOOD);
        for (byte[] inner : List.of(gzip(xml), zip(1, xml))) {
            refused(gzip(inner), "there is an archive in the archive");
            refused(zip(1, inner), "there is an archive in the archive");
        }
    }

    /** As the zip that contains itself: however deep it is, one layer is looked at. */
    @Test
    void a_zip_that_unpacks_to_zips_for_ever_is_one_that_holds_a_zip() {
        byte[] quine = zip(1, octets(GOOD));
        for (int i = 0; i < 50; i++) {
            quine = zip(2, quine.length > 100_000 ? zip(1, octets(GOOD)) : quine);
        }

        refused(quine, "there is an archive in the archive");
    }

    @Test
    void of_a_million_files_ten_are_looked_at() throws IOException {
        assertThat(read(zip(10, octets("no report")))).isEmpty();
        byte[] one = zip(1, new byte[0]);
        byte[] file = Arrays.copyOf(one, new String(one, StandardCharsets.ISO_8859_1).indexOf("PK\u0001\u0002"));
        InputStream million = cycling(file, 1_000_000);

        assertThatThrownBy(() -> new Attachment(million, new Budget()).read())
                .hasMessage("it has more than 10 files");
    }

    @Test
    void files_that_are_no_report_count_as_well() {
        refused(zip(5, new byte[20_000_000]), "it unpacks to more than 100 times its size");
    }

    @Test
    void a_report_is_found_beside_others_files() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("folder/"));
            zip.putNextEntry(new ZipEntry("folder/readme.txt"));
            zip.write(octets("hello"));
            zip.putNextEntry(new ZipEntry("folder/report.xml"));
            zip.write(octets(GOOD));
        }
        assertThat(read(out.toByteArray())).get().extracting(AggregateReport::domain).isEqualTo("example.org");
    }

    @Test
    void a_billion_laughs_are_none() {
        StringBuilder laughs = new StringBuilder("<?xml version=\"1.0\"?><!DOCTYPE feedback [<!ENTITY l0 \"lol\">");
        for (int i = 1; i < 10; i++) {
            laughs.append("<!ENTITY l").append(i).append(" \"").append(("&l" + (i - 1) + ";").repeat(10))
                    .append("\">");
        }
        laughs.append("]><feedback><report_metadata><org_name>&l9;</org_name></report_metadata></feedback>");

        refused(octets(laughs.toString()), "it has a document type");
        refused(octets("<feedback><a>&l9;</a></feedback>"), "it is not well-formed: .*");
    }

    @Test
    void nothing_is_read_or_fetched_that_a_report_names(@TempDir Path folder) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "secret");
        AtomicInteger asked = new AtomicInteger();
        HttpServer web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(404, -1);
        });
        web.start();
        try {
            String url = "http://127.0.0.1:" + web.getAddress().getPort() + "/x";
            for (String target : List.of(secret.toUri().toString(), url)) {
                String body = "<feedback><report_metadata><org_name>&x;</org_name></report_metadata></feedback>";
                refused(octets("<?xml version='1.0'?><!DOCTYPE feedback [<!ENTITY x SYSTEM '" + target + "'>]>" + body),
                        "it has a document type");
                refused(octets("<?xml version='1.0'?><!DOCTYPE feedback SYSTEM '" + target + "'>" + body),
                        "it has a document type");
                refused(octets("<?xml version='1.0'?><!DOCTYPE feedback [<!ENTITY % x SYSTEM '" + target + "'> %x;]>"
                        + body), "it has a document type|it is not well-formed: .*");
            }
        } finally {
            web.stop(0);
        }
        assertThat(asked).hasValue(0);
    }

    @Test
    void a_report_with_more_kinds_of_mail_than_anybody_reads_is_summed_up() throws IOException {
        String[] rows = IntStream.range(0, 5_000).mapToObj(i -> "10.0." + i / 256 + "." + i % 256 + " 2 fail fail")
                .toArray(String[]::new);
        AggregateReport report = read(octets(ReportFixture.xml("r.example", "1", "example.org", DAY, rows)))
                .orElseThrow();

        assertThat(report.rows()).hasSize(1_001)
                .containsEntry(new AggregateReport.Row("other", "none", false, false), 8_000L);
        assertThat(report.messages()).isEqualTo(10_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html><?xml x?></html>", "<feedback", "<feedback><a></feedback>", "<feedback></feedback>",
            "<?xml version='1.0' encoding='none'?>", "<?xml version='1.0'?><feedback><record/></feedback>",
            "<feedback>\u0000</feedback>", "<?xml version='1.0'?><rss/>", "\u001f\u008b",
            "\u001f\u008b\b\0\0\0\0\0\0\0",
            "PK\u0003\u0004", "PK\u0003\u0004\0\0\0\0\0\0\0\0\0\0"})
    void what_is_no_report_is_told_in_one_line(String text) {
        assertThatThrownBy(() -> new ReportMessage(new Budget()).read(new ByteArrayInputStream(
                ReportFixture.message("text/xml", text.getBytes(StandardCharsets.ISO_8859_1)))))
                .isInstanceOf(IOException.class);
    }

    @Test
    void numbers_and_addresses_are_what_they_should_be() {
        for (String row : List.of("192.0.2.1 -1 pass pass", "192.0.2.1 1e9 pass pass",
                "192.0.2.1 9999999999999 pass pass",
                "localhost 1 pass pass", "192.0.2.300 1 pass pass", " 1 pass pass")) {
            refused(octets(ReportFixture.xml("r.example", "1", "example.org", DAY, row)),
                    "record/row/count is not a number|source_ip '.*' is not an address");
        }
        refused(octets(ReportFixture.xml("r.example", "1", "no domain", DAY)), "it names no domain that it is about");
        refused(octets(ReportFixture.xml("", "1", "example.org", DAY)), "it does not say who reports");
    }

    @Test
    void a_message_of_parts_in_parts_in_parts_is_not_followed_for_ever() {
        StringBuilder nested = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            nested.append("Content-Type: multipart/mixed; boundary=b").append(i).append("\r\n\r\n--b").append(i)
                    .append("\r\n");
        }
        String many = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\r\n\r\nx\r\n".repeat(100_000);
        String forwards = "Content-Type: message/rfc822\r\n\r\n".repeat(5_000);

        for (String message : List.of(nested.toString(), many, forwards)) {
            assertThatThrownBy(() -> new ReportMessage(new Budget())
                    .read(new ByteArrayInputStream(message.getBytes(StandardCharsets.US_ASCII))))
                    .hasMessage("it has too many parts");
        }
    }
}
