package org.staffetta.listener;

import org.staffetta.api.mail.Reply;
import org.staffetta.smtp.Command;

/** What a session has done so far. An accepted message wipes the slate: only those who bring none are suspicious. */
final class Tally {

    private int commands;
    private int errors;
    private int allErrors;
    private int idle;
    private int longLines;
    private volatile int messages;

    void command() {
        commands++;
    }

    /** Counts an error and says how many there were since the last message. */
    int error() {
        allErrors++;
        return ++errors;
    }

    int longLine() {
        return ++longLines;
    }

    /** Counts what was answered: messages, and commands that bring none nearer. */
    void note(Command command, Reply reply, int maxIdle) {
        switch (command) {
            case Command.Data _ -> message(reply);
            case Command.Bdat(long _, boolean last) when last -> message(reply);
            case Command.Noop _,Command.Rset _,Command.Help _,Command.Vrfy _,Command.Expn _,Command.Hello _ -> {
                if (++idle > maxIdle && reply.isPositive()) {
                    error();
                }
            }
            default -> {}
        }
    }

    int commands() {
        return commands;
    }

    int errors() {
        return errors;
    }

    int allErrors() {
        return allErrors;
    }

    int messages() {
        return messages;
    }

    private void message(Reply reply) {
        if (reply.isPositive()) {
            // only the session's thread writes
            messages = messages + 1;
            errors = 0;
            idle = 0;
        }
    }
}
