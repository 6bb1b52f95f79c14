package org.staffetta.filter.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The suite reports-parsedmarc: 31 files as reporters send them. 30 are read as expected; the other one is a line of reports-exceptions.txt with its reason. */
class ReportsParsedmarcTest {

    private static final String NO_REPORT = "no report";

    @ParameterizedTest
    @MethodSource("cases")
    void is_read_as_another_reader_does(String file, String expected) throws IOException {
        boolean excepted = exceptions().contains(file);

        assertThat(told(message(file, type(file))).equals(expected)).as(excepted
                ? "an exception that is not needed"
                : "reads: " + told(message(file, type(file)))).isNotEqualTo(excepted);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void its_content_type_does_not_matter(String file, String expected) throws IOException {
        for (String type : List.of("application/octet-stream", "application/x-zip-compressed; name=\"x.pdf\"",
                "text/plain", "text/xml", "application/gzip", "image/png")) {
            assertThat(told(message(file, type)).equals(expected)).as(type)
                    .isNotEqualTo(exceptions().contains(file));
        }
    }

    @Test
    void the_suite_has_31_cases_of_which_1_is_excepted() throws IOException {
        assertThat(cases()).hasSize(31);
        assertThat(exceptions()).hasSize(1).isSubsetOf(cases().map(one -> (String) one[0]).toList());
    }

    @Test
    void the_same_report_is_the_same_however_it_is_packed() throws IOException {
        AggregateReport plain = reports("extract_report/nice-input.xml").getFirst();

        assertThat(plain.rows()).hasSizeGreaterThan(10);
        assertThat(reports("extract_report/nice-input.xml.gz")).containsExactly(plain);
        assertThat(reports("extract_report/nice-input.xml.zip")).containsExactly(plain);
        assertThat(reports("extract_report/changed-input.xml")).doesNotContain(plain);
    }

    static Stream<Object[]> cases() throws IOException {
        return lines("reports-expected.txt").map(line -> line.split(" \\| ", 2));
    }

    private static List<String> exceptions() throws IOException {
        return lines("reports-exceptions.txt").map(line -> line.substring(0, line.indexOf(" | "))).toList();
    }

    private static Stream<String> lines(String name) throws IOException {
        return Arrays.stream(new String(octets(name), StandardCharsets.UTF_8).split("\n"))
                .filter(line -> line.contains(" | ") && !line.startsWith("#"));
    }

    private static List<AggregateReport> reports(String file) throws IOException {
        return new ReportMessage(new Budget()).read(new ByteArrayInputStream(message(file, type(file))));
    }

    private static String told(byte[] message) {
        try {
            List<AggregateReport> reports = new ReportMessage(new Budget()).read(new ByteArrayInputStream(message));
            assertThat(reports).hasSize(1);
            AggregateReport report = reports.getFirst();
            return String.join(" | ", report.organization(), report.domain(), Long.toString(report.messages()),
                    Long.toString(report.unaligned()));
        } catch (IOException e) {
            return e.getMessage().equals("there is no report in it") ? NO_REPORT : e.getMessage();
        }
    }

    private static String type(String file) {
        return switch (file.substring(file.lastIndexOf('.'))) {
            case ".gz" -> "application/gzip";
            case ".zip" -> "application/zip";
            case ".xml" -> "text/xml";
            default -> "application/tlsrpt+json";
        };
    }

    private static byte[] message(String file, String type) throws IOException {
        byte[] octets = octets("reports-parsedmarc/" + file);
        return file.endsWith(".eml") ? octets : ReportFixture.message(type, octets);
    }

    private static byte[] octets(String file) throws IOException {
        try (InputStream in = ReportsParsedmarcTest.class.getResourceAsStream("/suites/" + file)) {
            return in.readAllBytes();
        }
    }
}
