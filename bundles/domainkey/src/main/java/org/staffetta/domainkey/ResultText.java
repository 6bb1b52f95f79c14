package org.staffetta.domainkey;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.staffetta.api.filter.Finding;

/**
 * Findings in the syntax of Authentication-Results (RFC 8601 section 2.2). Of the properties of a finding only {@code reason} and those called
 * {@code ptype.property} are for others to read.
 */
public final class ResultText {

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`{|}~-]+");
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`{|}~-]*@[A-Za-z0-9.-]+");
    private static final Pattern PROPERTY = Pattern.compile("(smtp|header|body|policy)\\.[a-z0-9-]+");

    private ResultText() {}

    /** What follows the name of the server: a line for each finding, {@code none} without any. */
    public static String of(List<Finding> findings) {
        return findings.isEmpty()
                ? "none"
                : findings.stream().map(ResultText::of).collect(Collectors.joining(";\r\n\t"));
    }

    private static String of(Finding finding) {
        StringBuilder text = new StringBuilder(finding.method()).append('=').append(finding.result());
        Map<String, String> properties = new TreeMap<>(finding.properties());
        String reason = properties.get("reason");
        if (reason != null) {
            text.append(" reason=").append(quoted(reason));
        }
        properties.forEach((name, value) -> {
            if (PROPERTY.matcher(name).matches()) {
                text.append(' ').append(name).append('=').append(value(value));
            }
        });
        return text.toString();
    }

    private static String value(String value) {
        boolean plain = TOKEN.matcher(value).matches() || ADDRESS.matcher(value).matches();
        return plain ? value : quoted(value);
    }

    // nothing that could end a line, or the quotes
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c < 0x20 || c == 0x7f ? '?' : c);
        }
        return quoted.append('"').toString();
    }
}
