package org.staffetta.filter.spf;

/**
 * A mechanism and what it means if it matches.
 *
 * @param text the term as it was published, for people
 */
record Directive(Result result, Mechanism mechanism, String text) {}
