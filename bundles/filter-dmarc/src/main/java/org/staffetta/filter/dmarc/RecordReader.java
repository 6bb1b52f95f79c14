package org.staffetta.filter.dmarc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the tags of a record. Those that are unknown are ignored, values that are none of the allowed ones are noted (RFC 9989 sections 4.7, 4.8). */
final class RecordReader {

    private static final int LONGEST_RECORD = 8192;
    private static final int MOST_URIS = 10;
    // "v" has no case, the version has; it comes first
    private static final Pattern VERSION = Pattern.compile("[vV][ \t]*=[ \t]*DMARC1[ \t]*(;.*|)", Pattern.DOTALL);
    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:[!-+\\--~]+");
    // possessive: else the matcher goes one deeper for each option, and a stranger's list may be longer than the stack
    private static final Pattern FAILURE_OPTIONS = Pattern.compile("[01dsDS]([ \t]*:[ \t]*[01dsDS])*+");

    private final Map<String, String> tags;
    private final List<String> problems = new ArrayList<>();

    RecordReader(Map<String, String> tags) {
        this.tags = tags;
    }

    static boolean isRecord(String text) {
        return text.length() <= LONGEST_RECORD && VERSION.matcher(text).matches();
    }

    /** Names in lower case; a part without an equals sign is a tag without a value; empty if a name stands twice. */
    static Optional<Map<String, String>> tags(String text) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (String part : text.split(";", -1)) {
            int equals = part.indexOf('=');
            String name = trim(equals < 0 ? part : part.substring(0, equals)).toLowerCase(Locale.ROOT);
            String value = equals < 0 ? "" : trim(part.substring(equals + 1));
            if (!name.isEmpty() && tags.put(name, value) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(tags);
    }

    PolicyRecord read() {
        // section 4.7: without p= it is as if that were none
        Optional<Disposition> policy = disposition("p", Optional.of(Disposition.NONE));
        Optional<Disposition> subdomains = disposition("sp", policy);
        Optional<Disposition> absent = disposition("np", subdomains);
        PolicyRecord.Suffix suffix = switch (choice("psd", "u", "y", "n", "u")) {
            case "y" -> PolicyRecord.Suffix.YES;
            case "n" -> PolicyRecord.Suffix.NO;
            default -> PolicyRecord.Suffix.UNKNOWN;
        };
        return new PolicyRecord(policy, subdomains, absent, suffix, choice("t", "n", "y", "n").equals("y"),
                choice("adkim", "r", "r", "s").equals("s"), choice("aspf", "r", "r", "s").equals("s"), failureOptions(),
                uris(), List.copyOf(problems));
    }

    private Optional<Disposition> disposition(String tag, Optional<Disposition> otherwise) {
        String word = tags.get(tag);
        if (word == null) {
            return otherwise;
        }
        Optional<Disposition> said = Disposition.parse(word);
        if (said.isEmpty()) {
            problem(tag, word);
        }
        return said;
    }

    private String choice(String tag, String otherwise, String... words) {
        String word = tags.getOrDefault(tag, otherwise).toLowerCase(Locale.ROOT);
        if (List.of(words).contains(word)) {
            return word;
        }
        problem(tag, word);
        return otherwise;
    }

    private String failureOptions() {
        String options = tags.getOrDefault("fo", "0");
        if (FAILURE_OPTIONS.matcher(options).matches()) {
            return options.toLowerCase(Locale.ROOT).replaceAll("[ \t]", "");
        }
        problem("fo", options);
        return "0";
    }

    // a size limit behind an exclamation mark is of the past: RFC 9989 section 4.8 wants that octet encoded
    private List<String> uris() {
        List<String> uris = new ArrayList<>();
        String list = tags.getOrDefault("rua", "");
        for (String one : list.isEmpty() ? new String[0] : list.split(",", -1)) {
            String uri = trim(one);
            int size = uri.indexOf('!');
            uri = size < 0 ? uri : uri.substring(0, size);
            if (!URI.matcher(uri).matches()) {
                problem("rua", uri);
            } else if (uris.size() < MOST_URIS) {
                uris.add(uri);
            }
        }
        return List.copyOf(uris);
    }

    private void problem(String tag, String value) {
        StringBuilder shown = new StringBuilder();
        value.chars().limit(100).forEach(c -> shown.append(c >= 0x20 && c < 0x7f ? (char) c : '?'));
        problems.add(tag + "=" + shown + " is not allowed");
    }

    private static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && (text.charAt(from) == ' ' || text.charAt(from) == '\t')) {
            from++;
        }
        while (to > from && (text.charAt(to - 1) == ' ' || text.charAt(to - 1) == '\t')) {
            to--;
        }
        return text.substring(from, to);
    }
}
