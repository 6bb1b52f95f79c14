package org.staffetta.shell;

import java.io.PrintStream;
import java.util.List;

/** A command of an administrator. Called by many threads at once. */
interface MailCommand {

    /** The name in scope {@code mail}. */
    String name();

    /** How to call it, in one line that begins with its name. */
    String usage();

    /** What it does, in a few words. */
    String purpose();

    /** Those of its words that may be part of its name: {@code queue:show} is {@code queue show}. */
    default List<String> verbs() {
        return List.of();
    }

    /**
     * Runs it.
     *
     * @throws IllegalArgumentException if the words are wrong: status 2
     * @throws Exception if there is a problem: status 1; the message is the line that is shown
     */
    void run(List<String> words, PrintStream out) throws Exception;
}
