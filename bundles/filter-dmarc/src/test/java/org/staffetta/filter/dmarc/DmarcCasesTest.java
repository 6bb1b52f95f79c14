package org.staffetta.filter.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.staffetta.api.dns.DnsException;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.mail.Header;
import org.staffetta.domainkey.Author;
import org.yaml.snakeyaml.Yaml;

/** The suite dmarc-cases: what three others test of DMARC. 103 cases; each that we judge otherwise is a line of exceptions.txt with its reason. */
class DmarcCasesTest {

    private interface Check {
        boolean passes() throws DnsException;
    }

    /** One row. */
    record Case(String part, String name, Check check) {
        @Override
        public String toString() {
            return part + ": " + name;
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void is_judged_as_the_suite_says_or_a_current_RFC(Case one) throws DnsException, IOException {
        boolean excepted = exceptions().contains(one.part() + " | " + one.name());

        assertThat(one.check().passes()).as(excepted ? "an exception that is not needed" : "passes")
                .isNotEqualTo(excepted);
    }

    @Test
    void the_suite_has_103_cases_of_which_14_are_excepted() throws IOException {
        assertThat(cases()).hasSize(103);
        assertThat(exceptions()).hasSize(14)
                .isSubsetOf(cases().map(one -> one.part() + " | " + one.name()).toList());
    }

    static Stream<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        Map<String, Object> opendmarc = map(load("opendmarc.json"));
        rows(opendmarc, "alignment").forEach(row -> cases.add(alignment(row)));
        rows(opendmarc, "record_parse").forEach(row -> cases.add(record(row)));
        rows(opendmarc, "from_header_domain").forEach(row -> cases.add(from(row)));
        Map<String, Object> mailDmarc = map(load("mail-dmarc-rfc9989.json"));
        Zone zone = new Zone();
        ((List<?>) mailDmarc.get("zone")).forEach(line -> zone.line(String.valueOf(line)));
        rows(mailDmarc, "tree_walk").forEach(row -> cases.add(walk(zone, row)));
        rows(mailDmarc, "evaluate").forEach(row -> cases.add(evaluate(zone, row)));
        for (Object row : (List<?>) load("checkdmarc-records.json")) {
            cases.add(linted(map(row)));
        }
        return cases.stream();
    }

    // the organizational domain is where the record is
    private static Case alignment(Map<String, Object> row) {
        String identifier = text(row, "identifier");
        String from = text(row, "from");
        String mode = text(row, "mode");
        return new Case("alignment", identifier + " " + mode + " " + from, () -> {
            Zone zone = new Zone().txt("_dmarc." + from, "v=DMARC1; p=reject; adkim=" + mode.charAt(0));
            String[] labels = from.split("\\.", -1);
            if (labels.length > 2) {
                zone.txt("_dmarc." + labels[labels.length - 2] + "." + labels[labels.length - 1], "v=DMARC1; p=none");
            }
            Judgement judgement = new Evaluation(zone).judge(from,
                    List.of(new Finding("spf", "none", Map.of()),
                            new Finding("dkim", "pass", Map.of("header.d", identifier))),
                    false);
            return (judgement.result() == Judgement.Result.PASS) == row.get("aligned").equals(true);
        });
    }

    private static Case record(Map<String, Object> row) {
        String text = text(row, "record");
        return new Case("record_parse", text, () -> isSound(text) == text(row, "opendmarc").equals("OKAY"));
    }

    private static boolean isSound(String text) {
        return PolicyRecord.parse(text).filter(record -> record.problems().isEmpty()).isPresent();
    }

    private static Case from(Map<String, Object> row) {
        String value = text(row, "header");
        String field = value.startsWith("From:") ? value : "From: " + value;
        return new Case("from_header_domain", value,
                () -> Author.domain(List.of(new Header(field))).equals(Optional.of(text(row, "domain"))));
    }

    private static Case walk(Zone zone, Map<String, Object> row) {
        String domain = text(row, "domain");
        return new Case("tree_walk", domain, () -> {
            TreeWalk.Path path = new TreeWalk(zone).from(domain);
            if (row.get("org") == null) {
                return path.records().isEmpty();
            }
            boolean found = !row.containsKey("record_at")
                    || path.policy().map(TreeWalk.Found::domain).equals(Optional.of(text(row, "record_at")));
            return found && path.organization().equals(text(row, "org"));
        });
    }

    private static Case evaluate(Zone zone, Map<String, Object> row) {
        String from = text(row, "from");
        return new Case("evaluate", from, () -> {
            Map<String, Object> spf = map(row.getOrDefault("spf", Map.of("domain", "", "result", "none")));
            Judgement judgement = new Evaluation(zone).judge(from,
                    List.of(new Finding("dkim", "none", Map.of()),
                            new Finding("spf", text(spf, "result"), Map.of("smtp.mailfrom", text(spf, "domain")))),
                    false);
            String published = judgement.policy().map(found -> found.policy().published().getOrDefault("p", ""))
                    .orElse("");
            return agrees(row, "result", judgement.result().word())
                    && agrees(row, "disposition", judgement.wish().word()) && agrees(row, "published_p", published);
        });
    }

    // this linter finds fault with what a receiver ignores: the same is among our problems
    private static Case linted(Map<String, Object> row) {
        String text = text(row, "input");
        return new Case("checkdmarc", text(row, "name") + " " + text, () -> {
            Optional<PolicyRecord> record = PolicyRecord.parse(text);
            boolean expected = row.get("valid").equals(isSound(text));
            Map<String, String> published = new LinkedHashMap<>(record.map(PolicyRecord::published).orElse(Map.of()));
            record.ifPresent(known -> published.put("psd", known.suffix().word()));
            return expected && map(row.getOrDefault("expect", Map.of())).entrySet().stream()
                    .allMatch(wanted -> wanted.getValue().equals(published.get(wanted.getKey())));
        });
    }

    private static boolean agrees(Map<String, Object> row, String key, String value) {
        return !row.containsKey(key) || row.get(key).equals(value);
    }

    private static List<String> exceptions() throws IOException {
        return new String(octets("../exceptions.txt"), StandardCharsets.UTF_8).lines()
                .filter(line -> line.contains(" | ") && !line.startsWith("#"))
                .map(line -> line.substring(0, line.lastIndexOf(" | "))).toList();
    }

    private static Object load(String file) throws IOException {
        return new Yaml().load(new String(octets(file), StandardCharsets.UTF_8));
    }

    private static byte[] octets(String file) throws IOException {
        try (InputStream in = DmarcCasesTest.class.getResourceAsStream("/suites/dmarc-cases/" + file)) {
            return in.readAllBytes();
        }
    }

    private static List<Map<String, Object>> rows(Map<String, Object> map, String key) {
        return ((List<?>) map.get(key)).stream().map(DmarcCasesTest::map).toList();
    }

    private static String text(Map<String, Object> map, String key) {
        return String.valueOf(map.getOrDefault(key, ""));
    }

    @SuppressWarnings("unchecked") // the suite's own shape
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
