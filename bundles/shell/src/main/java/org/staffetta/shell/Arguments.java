package org.staffetta.shell;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The words behind a command: options with and without a value, and the rest.
 *
 * @param usage shown when they are wrong
 * @param options by name with dashes; those without a value have the empty string; of several the last counts
 * @param words the rest
 */
record Arguments(String usage, Map<String, String> options, List<String> words) {

    /**
     * Takes words apart. {@code --option value} and {@code --option=value} mean the same.
     *
     * @param flags the options without a value
     * @param valued the options with a value
     * @throws IllegalArgumentException if an option is not known or its value is missing
     */
    static Arguments parse(String usage, List<String> words, Set<String> flags, Set<String> valued) {
        Map<String, String> options = new HashMap<>();
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            String name = equals > 0 ? word.substring(0, equals) : word;
            if (flags.contains(word)) {
                options.put(word, "");
            } else if (valued.contains(name)) {
                boolean apart = equals < 0;
                if (apart && i + 1 == words.size()) {
                    throw new IllegalArgumentException(name + " needs a value; usage: " + usage);
                }
                options.put(name, apart ? words.get(++i) : word.substring(equals + 1));
            } else if (word.startsWith("-") && word.length() > 1) {
                throw new IllegalArgumentException("unknown option " + word + "; usage: " + usage);
            } else {
                rest.add(word);
            }
        }
        return new Arguments(usage, Map.copyOf(options), List.copyOf(rest));
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    Optional<String> value(String option) {
        return Optional.ofNullable(options.get(option));
    }

    /** The value of an option, a number of at least 1. */
    long number(String option, long otherwise) {
        String text = options.get(option);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) < 1) {
            throw new IllegalArgumentException(option + " must be a number of at least 1; usage: " + usage);
        }
        return Long.parseLong(text);
    }

    /** Throws unless the number of words is as it should be. */
    Arguments requireWords(int min, int max) {
        if (words.size() < min || words.size() > max) {
            throw new IllegalArgumentException("usage: " + usage);
        }
        return this;
    }
}
