package org.staffetta.queue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.staffetta.api.mail.Recipient;

/** What the sender wants to be told of a recipient: the NOTIFY parameter (RFC 3461 section 4.1). */
enum Notify {
    SUCCESS, FAILURE, DELAY;

    private static final String KEY = "NOTIFY";

    /** Without the parameter failures are told, and delays if the administrator has switched that on: both are ours to choose. */
    boolean isWanted(Recipient recipient) {
        String wish = recipient.parameters().get(KEY);
        return wish == null ? this != SUCCESS : words(wish).contains(name());
    }

    /** The parameters for members of an alias with several members: success is told once, for the alias (RFC 3461 section 5.2.7.3). */
    static Map<String, String> withoutSuccess(Map<String, String> parameters) {
        String wish = parameters.get(KEY);
        if (wish == null || !words(wish).contains(SUCCESS.name())) {
            return parameters;
        }
        List<String> left = words(wish).stream().filter(word -> !word.equals(SUCCESS.name())).toList();
        Map<String, String> changed = new HashMap<>(parameters);
        changed.put(KEY, left.isEmpty() ? "NEVER" : String.join(",", left));
        return changed;
    }

    private static List<String> words(String wish) {
        return Arrays.stream(wish.split(",", -1)).map(word -> word.strip().toUpperCase(Locale.ROOT)).toList();
    }
}
