package org.staffetta.filter.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.staffetta.api.dns.DnsException;

/** Policies as strangers publish them, and what is kept of them for reports. */
class PolicyRecordFuzzTest {

    @FuzzTest
    void a_policy_means_the_same_when_it_is_written_again(byte[] octets) {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        Optional<PolicyRecord> read = PolicyRecord.parse(text);
        read.ifPresent(record -> {
            assertThat(PolicyRecord.isRecord(text)).isTrue();
            assertThat(record.reports()).hasSizeLessThanOrEqualTo(10)
                    .allMatch(uri -> uri.matches("[A-Za-z][A-Za-z0-9+.-]*:[\\x21-\\x7e]+"));
            assertThat(record.problems()).allMatch(problem -> problem.matches("[\\x20-\\x7e]*"));
            record.effective().ifPresent(PolicyRecordFuzzTest::requireStable);
            // blanks around separators and tags that nobody knows mean nothing (RFC 9989 section 4.7)
            requireSame(record, text.replaceAll("[ \t]*([;,])[ \t]*", " $1 "));
            if (!text.toLowerCase(Locale.ROOT).contains("nobody.knows")) {
                requireSame(record, text + ";nobody.knows=x");
            }
        });
    }

    /** Of the domains in the zone that the input is, one record a line, the walk asks for eight at most. */
    @FuzzTest
    void a_walk_is_eight_questions_at_most(byte[] octets) throws DnsException {
        Zone zone = new Zone();
        List<String> lines = new String(octets, StandardCharsets.ISO_8859_1).lines().limit(20).toList();
        lines.stream().map(line -> line.split(" ", 2)).filter(words -> words.length == 2)
                .forEach(words -> zone.txt("_dmarc." + words[0], words[1]));
        String start = lines.isEmpty() ? "" : lines.getFirst().split(" ", 2)[0];
        TreeWalk walk = new TreeWalk(zone);
        TreeWalk.Path path = walk.from(start);
        assertThat(zone.asked).hasSizeLessThanOrEqualTo(8).doesNotHaveDuplicates();
        assertThat(start.equals(path.organization()) || start.endsWith("." + path.organization())
                || path.organization().isEmpty()).isTrue();
        path.policy().ifPresent(found -> {
            assertThat(path.records()).contains(found);
            String line = new Sample(Sample.Heading.of(found), new Sample.Row("192.0.2.1", "none", true, false, "", "",
                    start, "", List.of(new Sample.Check("dkim", start, "s", "pass")))).text();
            assertThat(line).doesNotContain("\n", "\r");
            assertThat(Sample.parse(line).text()).isEqualTo(line);
        });
        new Destinations(zone).of(start.isEmpty() ? "x.test" : start, path.policy()
                .map(found -> found.policy().reports()).orElse(List.of()));
    }

    @FuzzTest
    void a_line_of_a_collection_is_a_sample_or_none(byte[] octets) {
        Sample sample;
        try {
            sample = Sample.parse(new String(octets, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException none) {
            return;
        }
        String line = sample.text();
        assertThat(Sample.parse(line).text()).isEqualTo(line);
    }

    private static void requireSame(PolicyRecord record, String text) {
        if (text.length() < 8192) {
            PolicyRecord other = PolicyRecord.parse(text).orElseThrow();
            assertThat(other.published()).isEqualTo(record.published());
            assertThat(other.reports()).isEqualTo(record.reports());
            assertThat(other.suffix()).isEqualTo(record.suffix());
        }
    }

    private static void requireStable(PolicyRecord record) {
        StringBuilder text = new StringBuilder("v=DMARC1");
        Map<String, String> published = record.published();
        List.of("p", "sp", "np", "t", "adkim", "aspf", "fo")
                .forEach(tag -> text.append("; ").append(tag).append('=').append(published.get(tag)));
        text.append("; psd=").append(record.suffix().word());
        text.append(record.reports().isEmpty() ? "" : "; rua=" + String.join(",", record.reports()));
        PolicyRecord again = PolicyRecord.parse(text.toString()).orElseThrow();
        assertThat(again.published()).isEqualTo(published);
        assertThat(again.reports()).isEqualTo(record.reports());
        assertThat(again.suffix()).isEqualTo(record.suffix());
        assertThat(again.problems()).isEmpty();
    }
}
