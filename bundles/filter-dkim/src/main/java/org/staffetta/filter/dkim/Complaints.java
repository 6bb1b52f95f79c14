package org.staffetta.filter.dkim;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Tells an operator what is wrong with a key, once and not for each message. */
final class Complaints {

    private final Map<String, String> told = new ConcurrentHashMap<>();
    private final Consumer<String> operator;

    Complaints(Consumer<String> operator) {
        this.operator = operator;
    }

    /** A key cannot be used. */
    void about(String key, String problem) {
        if (!problem.equals(told.put(key, problem))) {
            operator.accept("mail is not signed with dkim.key." + key + ": " + problem);
        }
    }

    /** A key can be used. */
    void settled(String key) {
        told.remove(key);
    }
}
