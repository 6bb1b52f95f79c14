package org.staffetta.api.spool;

/**
 * How many entries of a spool are in which state.
 *
 * @param waiting due or not yet
 * @param claimed that somebody works on
 * @param held until an operator releases them
 * @param incoming copies of entries that are still another spool's
 * @param outgoing notes of entries that were handed over to another spool
 */
public record Tally(long waiting, long claimed, long held, long incoming, long outgoing) {}
