package org.staffetta.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be taken; the message has one line for each problem. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    RefusedException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    List<Problem> problems() {
        return problems;
    }
}
