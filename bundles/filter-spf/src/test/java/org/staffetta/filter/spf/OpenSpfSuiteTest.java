package org.staffetta.filter.spf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.staffetta.api.dns.Dns;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The test suite of the SPF project for RFC 7208, whole: no exceptions. */
class OpenSpfSuiteTest {

    private static final String SUITE = "/spf-openspf-rfc7208/rfc7208-tests.yml";

    record Case(String name, Zone zone, Subject subject, List<String> results, String explanation) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void is_judged_as_the_suite_says(Case one) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        Lookups lookups = new Lookups(one.zone(), one.subject().client(), 2, end);
        Outcome outcome = new Check(one.subject(), lookups, InstantSource.fixed(Instant.EPOCH)).run();

        assertThat(outcome.result().word()).as(outcome.reason()).isIn(one.results());
        if (!one.explanation().isEmpty()) {
            assertThat(outcome.explanation())
                    .isEqualTo(one.explanation().equals("DEFAULT") ? "" : one.explanation());
        }
    }

    @Test
    void the_suite_has_203_cases() throws IOException {
        assertThat(cases()).hasSize(203);
    }

    static Stream<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        try (InputStream text = OpenSpfSuiteTest.class.getResourceAsStream(SUITE)) {
            for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text)) {
                Map<String, Object> scenario = map(document);
                Zone zone = zone(map(scenario.get("zonedata")));
                map(scenario.get("tests")).forEach((name, test) -> cases.add(test(name, zone, map(test))));
            }
        }
        return cases.stream();
    }

    private static Case test(String name, Zone zone, Map<String, Object> test) {
        String helo = text(test, "helo");
        String sender = text(test, "mailfrom").isEmpty() ? "postmaster@" + helo : text(test, "mailfrom");
        int at = sender.lastIndexOf('@');
        String local = at > 0 ? sender.substring(0, at) : "postmaster";
        Subject subject = new Subject(InetAddress.ofLiteral(text(test, "host")), helo, "receiver.example", local,
                Domains.ascii(sender.substring(at + 1)));
        Object result = test.get("result");
        List<String> results = result instanceof List<?> several
                ? several.stream().map(String::valueOf).toList()
                : List.of(String.valueOf(result));
        return new Case(name, zone, subject, results, text(test, "explanation"));
    }

    // records of the type SPF are published as TXT, unless a list of TXT is given
    private static Zone zone(Map<String, Object> data) {
        Zone zone = new Zone();
        data.forEach((name, records) -> {
            boolean ownTxt = ((List<?>) records).stream()
                    .anyMatch(one -> one instanceof Map<?, ?> m && m.containsKey("TXT"));
            for (Object one : (List<?>) records) {
                if (one instanceof Map<?, ?>) {
                    map(one).forEach((type, value) -> add(zone, name, type, value, ownTxt));
                } else {
                    zone.add(name, Zone.TIMEOUT, "");
                }
            }
        });
        return zone;
    }

    private static void add(Zone zone, String name, String type, Object value, boolean ownTxt) {
        if (value.equals("TIMEOUT") && type.equals("SPF") && ownTxt) {
            return;
        }
        if (value.equals("TIMEOUT")) {
            zone.add(name, Zone.TIMEOUT, type.equals("SPF") ? "TXT" : type);
            return;
        }
        switch (type) {
            case "SPF" -> {
                if (!ownTxt) {
                    zone.add(name, "TXT", joined(value));
                }
            }
            case "TXT" -> {
                if (!value.equals("NONE")) {
                    zone.add(name, "TXT", joined(value));
                }
            }
            case "MX" -> {
                List<?> pair = (List<?>) value;
                zone.add(name, "MX",
                        new Dns.Mx((Integer) pair.get(0), ((String) pair.get(1)).toLowerCase(Locale.ROOT)));
            }
            // the names of reverse look-ups are their addresses here
            case "PTR" -> zone.add(InetAddresses.ofReverseName(name), "PTR", value);
            default -> zone.add(name, type, value);
        }
    }

    private static String joined(Object value) {
        String text = value instanceof List<?> parts
                ? String.join("", parts.stream().map(String::valueOf).toList())
                : String.valueOf(value);
        // each char is one octet
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String text(Map<String, Object> map, String key) {
        return String.valueOf(map.getOrDefault(key, ""));
    }

    @SuppressWarnings("unchecked") // the suite's own shape
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
