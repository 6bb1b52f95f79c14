package org.staffetta.filter.spf;

/**
 * What a check comes to, and why.
 *
 * @param explanation what the domain has to say to a client that fails; empty if nothing. Printable ASCII
 * @param reason one line for people: the term that matched, or what is wrong
 */
record Outcome(Result result, String explanation, String reason) {

    static Outcome of(Result result, String reason) {
        return new Outcome(result, "", reason);
    }
}
