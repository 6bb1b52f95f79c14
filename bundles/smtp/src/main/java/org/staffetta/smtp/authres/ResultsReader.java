package org.staffetta.smtp.authres;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.staffetta.api.filter.Finding;

/** Reads the grammar of RFC 8601 section 2.2, once, from left to right. */
final class ResultsReader {

    private static final int MOST_FINDINGS = 100;

    private final String text;
    private int at;
    private boolean broken;

    ResultsReader(String text) {
        this.text = text;
    }

    /** Empty if the text is anything else. */
    Optional<AuthenticationResults> read() {
        String service = value();
        version();
        List<Finding> findings = new ArrayList<>();
        while (!broken && at < text.length() && findings.size() < MOST_FINDINGS) {
            result().ifPresent(findings::add);
        }
        boolean whole = !broken && at == text.length() && !service.isEmpty();
        return whole ? Optional.of(new AuthenticationResults(service, findings)) : Optional.empty();
    }

    // ";" ( "none" / method [ "/" version ] "=" result [ reason ] *property ); nothing behind the last semicolon is common
    private Optional<Finding> result() {
        require(';');
        skip();
        if (at == text.length()) {
            return Optional.empty();
        }
        String method = keyword();
        if (method.equals("none") && (at == text.length() || text.charAt(at) == ';')) {
            return Optional.empty();
        }
        if (take('/')) {
            version();
        }
        require('=');
        String result = keyword();
        Map<String, String> properties = new LinkedHashMap<>();
        while (!broken && at < text.length() && text.charAt(at) != ';') {
            property(properties);
        }
        return Optional.of(new Finding(method, result, properties));
    }

    // reason "=" value / ptype "." property "=" pvalue; who says one twice has said the first
    private void property(Map<String, String> properties) {
        String name = keyword();
        if (take('.')) {
            name += "." + keyword();
        }
        require('=');
        String value = value();
        broken |= value.isEmpty();
        properties.putIfAbsent(name, value);
    }

    private String keyword() {
        skip();
        int start = at;
        while (at < text.length() && isKeyword(text.charAt(at))) {
            at++;
        }
        broken |= at == start;
        String word = text.substring(start, at).toLowerCase(Locale.ROOT);
        skip();
        return word;
    }

    private void version() {
        skip();
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        skip();
    }

    // a quoted string, a token, or either as the local part of an address; "/" and "=" are seen in tokens, though they are not allowed
    private String value() {
        skip();
        StringBuilder value = new StringBuilder();
        if (at < text.length() && text.charAt(at) == '"') {
            quoted(value);
        }
        while (at < text.length() && isPlain(text.charAt(at))) {
            value.append(text.charAt(at++));
        }
        skip();
        return value.toString();
    }

    private void quoted(StringBuilder value) {
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            boolean escape = text.charAt(at) == '\\' && at + 1 < text.length();
            value.append(text.charAt(escape ? at + 1 : at));
            at += escape ? 2 : 1;
        }
        require('"');
    }

    // white space and comments
    private void skip() {
        int depth = 0;
        while (at < text.length() && (depth > 0 || isBlank(text.charAt(at)) || text.charAt(at) == '(')) {
            switch (text.charAt(at)) {
                case '\\' -> at++;
                case '(' -> depth++;
                case ')' -> depth--;
                default -> {
                    // white space, or within a comment
                }
            }
            at++;
        }
        broken |= depth > 0;
        at = Math.min(at, text.length());
    }

    private void require(char c) {
        broken |= !take(c);
    }

    private boolean take(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isKeyword(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_';
    }

    private static boolean isPlain(char c) {
        return c > ' ' && c != 0x7f && "();\"".indexOf(c) < 0;
    }
}
