package org.staffetta.smtp.authres;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.staffetta.api.filter.Finding;

/** Findings in words. Of the properties of a finding only {@code reason} and those called {@code ptype.property} are for others to read. */
final class ResultsWriter {

    // RFC 2045 section 5.1: "/" and "=" are no part of a token
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`{|}~-]+");
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`{|}~-]*@[A-Za-z0-9.-]+");
    private static final Pattern KEYWORD = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,62}[A-Za-z0-9])?");
    private static final Pattern PROPERTY = Pattern.compile("(smtp|header|body|policy|polrec|dns)\\.[a-z0-9-]+");
    private static final int LONGEST_VALUE = 400;
    private static final int LINE = 78;

    private final StringBuilder text = new StringBuilder();
    private int line;

    private ResultsWriter() {}

    /** What follows the semicolon behind the name of the server: a line or more for each finding, {@code none} without any. */
    static String text(List<Finding> findings) {
        ResultsWriter writer = new ResultsWriter();
        List<Finding> told = findings.stream().filter(ResultsWriter::isKeyword).toList();
        for (int i = 0; i < told.size(); i++) {
            writer.text.append(i == 0 ? "" : ";");
            writer.add(told.get(i));
        }
        return told.isEmpty() ? " none" : writer.text.toString();
    }

    private static boolean isKeyword(Finding finding) {
        return KEYWORD.matcher(finding.method()).matches() && KEYWORD.matcher(finding.result()).matches();
    }

    private void add(Finding finding) {
        line = LINE;
        word(finding.method() + "=" + finding.result());
        Map<String, String> properties = new TreeMap<>(finding.properties());
        String reason = properties.get("reason");
        if (reason != null && !reason.isBlank()) {
            word("reason=" + quoted(reason));
        }
        properties.forEach((name, value) -> {
            if (PROPERTY.matcher(name).matches() && !value.isEmpty()) {
                word(name + "=" + value(value));
            }
        });
    }

    // no line is longer than it must be: RFC 5322 section 2.1.1
    private void word(String word) {
        boolean folds = line + 1 + word.length() > LINE;
        text.append(folds ? "\r\n\t" : " ").append(word);
        line = (folds ? 8 : line + 1) + word.length();
    }

    /** As it is if that is a token or an address, else quoted. */
    static String value(String value) {
        boolean plain = value.length() <= LONGEST_VALUE
                && (TOKEN.matcher(value).matches() || ADDRESS.matcher(value).matches());
        return plain ? value : quoted(value);
    }

    // nothing that could end a line or the quotes, and nothing that needs SMTPUTF8
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < Math.min(text.length(), LONGEST_VALUE); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c < 0x20 || c > 0x7e ? '?' : c);
        }
        return quoted.append('"').toString();
    }
}
