package org.staffetta.filter.dkim;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.dns.Dns;
import org.staffetta.domainkey.SigningKey;

/**
 * A key as a person sees it, or a program.
 *
 * @param fields by name; one that is not known is not there
 * @param record the line for the zone file; empty if the key cannot be read
 */
record KeyView(Map<String, String> fields, String record) {

    private static final List<String> COLUMNS = List.of("name", "domain", "selector", "algorithm", "bits", "use",
            "published", "file");

    static KeyView of(DkimKey key, @Nullable Dns dns) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("name", key.name());
        String line = key.key().map(known -> describe(known, dns, fields)).orElse("");
        if (!key.problem().isEmpty()) {
            fields.put("problem", key.problem());
        }
        return new KeyView(fields, line);
    }

    private static String describe(DomainKey key, @Nullable Dns dns, Map<String, String> fields) {
        fields.put("domain", key.domain());
        fields.put("selector", key.selector());
        fields.put("use", key.signs() ? "sign" : "publish");
        fields.put("file", key.file().toString());
        fields.put("place", key.place());
        try {
            SigningKey secret = key.file().key();
            Publication publication = Publication.of(key, secret, dns);
            fields.put("algorithm", secret.algorithm().word());
            fields.put("bits", Integer.toString(secret.bits()));
            fields.put("record", secret.record());
            fields.put("published", publication.state().word());
            if (!publication.detail().isEmpty()) {
                fields.put("detail", publication.detail());
            }
            if (key.file().isOpenToOthers()) {
                fields.put("problem", key.file() + ": everybody on this machine may read it");
            }
            return Publication.zoneLine(key, secret);
        } catch (IOException unusable) {
            fields.put("problem", String.valueOf(unusable.getMessage()));
            return "";
        }
    }

    /** Aligned columns; problems below. */
    static List<String> table(List<KeyView> views) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(COLUMNS.stream().map(column -> column.toUpperCase(Locale.ROOT)).toList());
        views.forEach(view -> rows.add(COLUMNS.stream().map(view::cell).toList()));
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                int column = i;
                int width = rows.stream().mapToInt(one -> one.get(column).length()).max().orElse(0);
                line.append(row.get(i)).append(" ".repeat(width - row.get(i).length() + 2));
            }
            lines.add(line.toString().stripTrailing());
        }
        views.stream().filter(view -> view.fields.containsKey("problem"))
                .forEach(view -> lines.add(view.cell("name") + ": " + view.cell("problem")));
        return lines;
    }

    /** All of it, for a person. */
    String text() {
        List<String> lines = new ArrayList<>(table(List.of(this)));
        if (fields.containsKey("detail")) {
            lines.add("In DNS, at " + cell("place") + ": " + cell("detail") + ".");
        }
        if (!record.isEmpty()) {
            lines.add("");
            lines.add(record);
        }
        return String.join("\n", lines);
    }

    /** One object in one line. */
    String json() {
        return fields.entrySet().stream().map(field -> quoted(field.getKey()) + ":" + quoted(field.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private String cell(String name) {
        return fields.getOrDefault(name, "-");
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            boolean plain = c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
            quoted.append(plain ? String.valueOf((char) c) : "\\u%04x".formatted(c));
        });
        return quoted.append('"').toString();
    }
}
