package org.staffetta.acme;

import java.util.Arrays;

/** The ways to prove that a domain is ours. */
enum ChallengeKind {
    /** By a file on port 80 (RFC 8555 section 8.3). */
    HTTP("http-01"),
    /** By a certificate on port 443 (RFC 8737). */
    TLS("tls-alpn-01");

    private final String type;

    ChallengeKind(String type) {
        this.type = type;
    }

    /**
     * Reads a setting.
     *
     * @throws IllegalArgumentException if it is none
     */
    static ChallengeKind of(String text) {
        return Arrays.stream(values()).filter(one -> one.type.equals(text)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no challenge"));
    }

    /** As ACME and the configuration call it. */
    @Override
    public String toString() {
        return type;
    }
}
