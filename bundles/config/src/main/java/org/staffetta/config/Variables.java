package org.staffetta.config;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replaces <code>${env:NAME}</code> and <code>${secret:NAME}</code>.
 *
 * <p>Not Commons Configuration's interpolator: it knows many more look-ups by default (files, system properties, XPath), leaves what it does not
 * know standing, and interpolates once more in what it found, so that a password could be taken for a variable.
 */
final class Variables {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)(}?)");
    private static final Pattern NAMED = Pattern.compile("(env|secret):([A-Za-z0-9_][A-Za-z0-9_.-]*)");

    private final Function<String, @Nullable String> environment;
    private final Function<String, @Nullable String> secrets;

    Variables(Function<String, @Nullable String> environment, Function<String, @Nullable String> secrets) {
        this.environment = environment;
        this.secrets = secrets;
    }

    /**
     * The text with its variables replaced.
     *
     * @throws IllegalArgumentException if one is not known; the message says which and what is allowed, never a value
     */
    String resolve(String text) {
        Matcher matcher = VARIABLE.matcher(text);
        StringBuilder resolved = new StringBuilder();
        while (matcher.find()) {
            String body = matcher.group(1);
            String value = body == null ? "${" : look(body, !matcher.group(2).isEmpty());
            matcher.appendReplacement(resolved, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(resolved).toString();
    }

    /** The text that resolves to the given one. */
    static String quote(String plain) {
        return plain.replace("${", "$${");
    }

    private String look(String body, boolean closed) {
        Matcher named = NAMED.matcher(body);
        if (!closed || !named.matches()) {
            throw new IllegalArgumentException(
                    "only ${env:NAME} and ${secret:NAME} are replaced; write $${ for a plain ${");
        }
        String name = named.group(2);
        if (named.group(1).equals("env")) {
            return found(environment.apply(name), "the environment has no variable " + name);
        }
        return found(secrets.apply(name), "there is no readable file secrets/" + name);
    }

    private static String found(@Nullable String value, String otherwise) {
        if (value == null) {
            throw new IllegalArgumentException(otherwise);
        }
        return value;
    }
}
