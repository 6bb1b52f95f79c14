package org.staffetta.filter.dmarc;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.staffetta.api.filter.Finding;
import org.staffetta.domainkey.DomainName;

/**
 * A domain that SPF or DKIM has found something out about (RFC 9989 section 4.4).
 *
 * @param domain in A-labels
 * @param result as the finding has it
 */
record Identifier(Method method, String domain, String result) {

    /** How it was authenticated. */
    enum Method {
        DKIM("dkim"), SPF("spf");

        private final String word;

        Method(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }

        /** Whether the filter that knows was asked at all. */
        boolean isAmong(List<Finding> findings) {
            return findings.stream().anyMatch(finding -> finding.method().equals(word));
        }
    }

    private static final Set<String> TELLING = Set.of("pass", "temperror");

    /**
     * Those that pass, and those of which nobody knows yet.
     *
     * @param bounce whether the reverse-path is null: then, and only then, SPF means the name in HELO (RFC 7208 section 2.4)
     */
    static List<Identifier> among(List<Finding> findings, boolean bounce) {
        return findings.stream().flatMap(finding -> of(finding, bounce).stream())
                .filter(identifier -> TELLING.contains(identifier.result())).distinct().toList();
    }

    boolean passes() {
        return result.equals("pass");
    }

    private static Optional<Identifier> of(Finding finding, boolean bounce) {
        Optional<Method> method = Arrays.stream(Method.values()).filter(one -> one.word().equals(finding.method()))
                .findFirst();
        return method.flatMap(known -> domain(known, finding, bounce)
                .map(domain -> new Identifier(known, domain, finding.result())));
    }

    private static Optional<String> domain(Method method, Finding finding, boolean bounce) {
        String property = switch (method) {
            case DKIM -> "header.d";
            case SPF -> bounce ? "smtp.helo" : "smtp.mailfrom";
        };
        return Stream.ofNullable(finding.properties().get(property))
                .map(value -> value.substring(value.lastIndexOf('@') + 1))
                .flatMap(value -> DomainName.parse(value).stream()).findFirst();
    }
}
