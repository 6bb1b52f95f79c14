package org.staffetta.domainkey;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Tells an operator what is wrong with a key, once and not for each message. */
public final class Complaints {

    private final Map<String, String> told = new ConcurrentHashMap<>();
    private final Consumer<String> operator;

    /** To an operator, who gets one line each. */
    public Complaints(Consumer<String> operator) {
        this.operator = operator;
    }

    /**
     * A key cannot be used.
     *
     * @param key as an operator calls it
     */
    public void about(String key, String problem) {
        if (!problem.equals(told.put(key, problem))) {
            operator.accept(key + " cannot sign: " + problem);
        }
    }

    /** A key can be used. */
    public void settled(String key) {
        told.remove(key);
    }
}
