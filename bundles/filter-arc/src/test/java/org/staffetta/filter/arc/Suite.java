package org.staffetta.filter.arc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.staffetta.domainkey.TableDns;
import org.staffetta.domainkey.TestMessage;
import org.yaml.snakeyaml.Yaml;

/** The test suite of Valimail. */
final class Suite {

    private static final String PLACE = "/suites/arc-valimail/";

    private Suite() {}

    /** One test with what its scenario says of all. */
    record Case(String name, Map<?, ?> row, Map<?, ?> scenario) {

        @Override
        public String toString() {
            return name;
        }

        TestMessage message() {
            return TestMessage.ofLines(text("message").getBytes(StandardCharsets.ISO_8859_1));
        }

        String text(String key) {
            Object value = row.containsKey(key) ? row.get(key) : scenario.get(key);
            return value == null ? "" : value.toString();
        }

        TableDns dns() {
            TableDns dns = new TableDns();
            ((Map<?, ?>) scenario.get("txt-records"))
                    .forEach((name, record) -> dns.put(name.toString(), record.toString().replace("\n", "")));
            return dns;
        }
    }

    static List<Case> cases(String file) {
        List<Case> cases = new ArrayList<>();
        try (InputStream in = Suite.class.getResourceAsStream(PLACE + file)) {
            for (Object document : new Yaml().loadAll(in)) {
                Map<?, ?> scenario = (Map<?, ?>) document;
                ((Map<?, ?>) scenario.get("tests"))
                        .forEach((name, row) -> cases.add(new Case(name.toString(), (Map<?, ?>) row, scenario)));
            }
            return cases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
