package org.staffetta.api.mailbox;

/**
 * How much a store holds.
 *
 * @param accounts with one message or more
 * @param messages of all accounts
 */
public record MailboxTotals(long accounts, long messages) {}
