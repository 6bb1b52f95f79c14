package org.staffetta.api.filter;

import java.util.Map;

/**
 * What a filter found out about the message, in the terms of an Authentication-Results field (RFC 8601 section 2.2). Later
 * filters see the findings of earlier ones: so SPF, DKIM and DMARC can be separate plug-ins.
 *
 * @param method {@code spf}, {@code dkim}, {@code dmarc}, {@code arc}, … or a name of the filter's own
 * @param result {@code pass}, {@code fail}, {@code temperror}, …
 * @param properties {@code ptype.property} to value, e.g. {@code smtp.mailfrom} to {@code example.org}; {@code reason} for a person
 */
public record Finding(String method, String result, Map<String, String> properties) {

    /** Copies. */
    public Finding {
        properties = Map.copyOf(properties);
    }
}
