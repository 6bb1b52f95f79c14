package org.staffetta.filter.dmarc;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A report as XML (RFC 9990 appendix A). */
final class ReportXml {

    private static final Map<String, String> ELEMENTS = Map.of("t", "testing");

    private final OutputStream out;

    ReportXml(OutputStream out) {
        this.out = out;
    }

    /**
     * Who reports, and about when.
     *
     * @param end exclusive, in seconds since 1970
     * @param dropped messages that did not fit
     */
    record Metadata(String organization, String email, String id, long begin, long end, long dropped) {}

    /** Writes the whole. */
    void write(Metadata metadata, Sample.Heading heading, Map<Sample.Row, Long> rows) throws IOException {
        raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feedback xmlns=\"urn:ietf:params:xml:ns:dmarc-2.0\">\n");
        element("version", "1.0");
        metadata(metadata, heading);
        policy(heading);
        for (Map.Entry<Sample.Row, Long> row : rows.entrySet()) {
            record(row.getKey(), row.getValue());
        }
        raw("</feedback>\n");
    }

    private void metadata(Metadata metadata, Sample.Heading heading) throws IOException {
        raw("<report_metadata>\n");
        element("org_name", metadata.organization());
        element("email", metadata.email());
        element("report_id", metadata.id());
        raw("<date_range>");
        element("begin", Long.toString(metadata.begin()));
        element("end", Long.toString(metadata.end() - 1));
        raw("</date_range>\n");
        String dropped = metadata.dropped() == 0
                ? ""
                : metadata.dropped() + " messages to all domains were not counted";
        String error = (heading.problems() + "\n" + dropped).strip();
        if (!error.isEmpty()) {
            element("error", error);
        }
        element("generator", "Staffetta");
        raw("</report_metadata>\n");
    }

    private void policy(Sample.Heading heading) throws IOException {
        raw("<policy_published>\n");
        element("domain", heading.domain());
        element("discovery_method", "treewalk");
        for (String tag : Sample.Heading.TAGS) {
            element(ELEMENTS.getOrDefault(tag, tag), heading.tag(tag));
        }
        raw("</policy_published>\n");
    }

    private void record(Sample.Row row, long count) throws IOException {
        raw("<record><row>");
        element("source_ip", row.client());
        element("count", Long.toString(count));
        raw("<policy_evaluated>");
        element("disposition", row.disposition());
        element("dkim", row.dkim() ? "pass" : "fail");
        element("spf", row.spf() ? "pass" : "fail");
        if (!row.override().isEmpty()) {
            raw("<reason>");
            element("type", row.override());
            element("comment", row.comment());
            raw("</reason>");
        }
        raw("</policy_evaluated></row><identifiers>");
        element("envelope_from", row.sender());
        element("header_from", row.author());
        raw("</identifiers><auth_results>");
        for (Sample.Check check : row.checks()) {
            check(check);
        }
        raw("</auth_results></record>\n");
    }

    private void check(Sample.Check check) throws IOException {
        raw("<" + check.method() + ">");
        element("domain", check.domain());
        element(check.method().equals("dkim") ? "selector" : "scope", check.detail());
        element("result", check.result());
        raw("</" + check.method() + ">");
    }

    private void element(String name, String text) throws IOException {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(c -> escaped.append(switch (c) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            default -> String.valueOf((char) c);
        }));
        raw("<" + name + ">" + escaped + "</" + name + ">");
    }

    private void raw(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
