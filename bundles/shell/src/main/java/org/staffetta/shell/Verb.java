package org.staffetta.shell;

import java.util.List;

/**
 * What a command is to do, and the words behind that.
 *
 * @param name one of the command's verbs
 * @param words what follows it
 */
record Verb(String name, List<String> words) {

    /**
     * Finds the verb; where there is none, only options may stand, and the first verb is meant.
     *
     * @throws IllegalArgumentException if the first word is something else
     */
    static Verb of(MailCommand command, List<String> words) {
        if (words.isEmpty() || words.getFirst().startsWith("-")) {
            return new Verb(command.verbs().getFirst(), words);
        }
        if (!command.verbs().contains(words.getFirst())) {
            throw new IllegalArgumentException("usage: " + command.usage());
        }
        return new Verb(words.getFirst(), words.subList(1, words.size()));
    }
}
