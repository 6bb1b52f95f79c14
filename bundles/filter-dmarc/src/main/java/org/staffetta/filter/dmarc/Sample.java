package org.staffetta.filter.dmarc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.staffetta.api.filter.Finding;

/**
 * What a report tells of one message, as a line of text: two messages of which it tells the same have equal lines.
 *
 * @param heading what the report is about: the same for all rows of one report
 * @param row where the message came from and what became of it
 */
record Sample(Heading heading, Row row) {

    private static final int LONGEST = 256;
    private static final char BETWEEN = '\u001f';

    /**
     * The policy that was published.
     *
     * @param tags their values in the order p, sp, np, t, adkim, aspf, fo
     * @param uris where reports are wanted
     * @param problems what could not be understood in it; empty if nothing
     */
    record Heading(String domain, List<String> tags, List<String> uris, String problems) {

        static final List<String> TAGS = List.of("p", "sp", "np", "t", "adkim", "aspf", "fo");

        static Heading of(TreeWalk.Found found) {
            var published = found.policy().published();
            return new Heading(found.domain(), TAGS.stream().map(tag -> published.getOrDefault(tag, "")).toList(),
                    found.policy().reports(), String.join(", ", found.policy().problems()));
        }

        String tag(String name) {
            return tags.get(TAGS.indexOf(name));
        }
    }

    /**
     * One kind of message.
     *
     * @param override the type of the reason why the policy was not followed, and a word on it; empty if it was
     * @param sender the domain of the reverse-path; empty if that is null
     * @param checks what SPF and DKIM found out
     */
    record Row(String client, String disposition, boolean dkim, boolean spf, String override, String comment,
            String author, String sender, List<Check> checks) {}

    /**
     * A result of SPF or DKIM.
     *
     * @param detail the selector, or the scope
     */
    record Check(String method, String domain, String detail, String result) {

        private String text() {
            return method + BETWEEN + clean(domain) + BETWEEN + clean(detail) + BETWEEN + result;
        }

        private static Check parse(String text) {
            String[] parts = text.split(String.valueOf(BETWEEN), -1);
            return new Check(parts[0], parts[1], parts[2], parts[3]);
        }
    }

    /** The results among findings: those of SPF for one identity, and of signatures that can be told apart, at most 100 (RFC 9990, "DKIM Signatures in Aggregate Reports"). */
    static List<Check> checks(List<Finding> findings, boolean bounce) {
        List<Check> checks = new ArrayList<>();
        for (Finding finding : findings) {
            String domain = finding.properties().getOrDefault("header.d", "");
            String selector = finding.properties().getOrDefault("header.s", "");
            boolean signature = finding.method().equals("dkim") && !domain.isEmpty() && !selector.isEmpty();
            if (signature && checks.size() < 100) {
                checks.add(new Check("dkim", domain, selector, finding.result()));
            }
        }
        String property = bounce ? "smtp.helo" : "smtp.mailfrom";
        findings.stream().filter(one -> one.method().equals("spf") && one.properties().containsKey(property))
                .findFirst()
                .ifPresent(one -> checks.add(new Check("spf", one.properties().getOrDefault(property, ""),
                        bounce ? "helo" : "mfrom", one.result())));
        return checks;
    }

    /** The line. */
    String text() {
        List<String> cells = new ArrayList<>(List.of(heading.domain()));
        cells.addAll(heading.tags());
        cells.add(String.join(" ", heading.uris()));
        cells.add(heading.problems());
        cells.addAll(List.of(row.client(), row.disposition(), Boolean.toString(row.dkim()), Boolean.toString(row.spf()),
                row.override(), row.comment(), row.author(), row.sender()));
        String fixed = cells.stream().map(Sample::clean).collect(Collectors.joining("\t"));
        return row.checks().stream().map(Check::text).reduce(fixed, (line, check) -> line + "\t" + check);
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Sample parse(String line) {
        List<String> cells = Arrays.asList(line.split("\t", -1));
        int tags = Heading.TAGS.size();
        try {
            Heading heading = new Heading(cells.get(0), cells.subList(1, 1 + tags),
                    Arrays.stream(cells.get(1 + tags).split(" ", -1)).filter(uri -> !uri.isEmpty()).toList(),
                    cells.get(2 + tags));
            List<String> rest = cells.subList(3 + tags, cells.size());
            Row row = new Row(rest.get(0), rest.get(1), Boolean.parseBoolean(rest.get(2)),
                    Boolean.parseBoolean(rest.get(3)), rest.get(4), rest.get(5), rest.get(6), rest.get(7),
                    rest.subList(8, rest.size()).stream().map(Check::parse).toList());
            return new Sample(heading, row);
        } catch (IndexOutOfBoundsException tooShort) {
            throw new IllegalArgumentException("this is no line of a collection: " + clean(line), tooShort);
        }
    }

    // the URIs alone may be longer: ten of them
    private static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        text.chars().limit(LONGEST * 10L).forEach(c -> clean.append(c >= 0x20 && c < 0x7f ? (char) c : '?'));
        return clean.toString();
    }
}
