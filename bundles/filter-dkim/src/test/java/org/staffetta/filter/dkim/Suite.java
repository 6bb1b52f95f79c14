package org.staffetta.filter.dkim;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.staffetta.domainkey.TestMessage;
import org.yaml.snakeyaml.Yaml;

/** A suite of others in the test resources. */
record Suite(String name) {

    TestMessage message(String path) {
        return TestMessage.ofLines(octets(path));
    }

    /** A file of JSON that holds an object. */
    Map<?, ?> map(String path) {
        return new Yaml().loadAs(text(path), Map.class);
    }

    /** A file of JSON that holds an array. */
    List<?> list(String path) {
        return new Yaml().loadAs(text(path), List.class);
    }

    String text(String path) {
        return new String(octets(path), StandardCharsets.UTF_8);
    }

    /** The rows of {@code exceptions.txt}: a name, what we say, and why, between bars. */
    static Map<String, Deviation> exceptions(String suite) {
        Map<String, Deviation> rows = new LinkedHashMap<>();
        for (String line : new Suite(suite).text("../exceptions.txt").split("\n", -1)) {
            String[] cells = line.split("\\|", -1);
            if (cells.length == 4 && cells[0].strip().equals(suite)) {
                rows.put(cells[1].strip(), new Deviation(cells[2].strip(), cells[3].strip()));
            }
        }
        return rows;
    }

    /** Where we differ from a suite. */
    record Deviation(String result, String reason) {}

    private byte[] octets(String path) {
        try (InputStream in = Suite.class.getResourceAsStream("/suites/" + name + "/" + path)) {
            if (in == null) {
                throw new IllegalArgumentException("no such file: " + path);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
