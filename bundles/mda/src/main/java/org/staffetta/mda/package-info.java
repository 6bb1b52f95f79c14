/**
 * Delivers mail into the mailboxes of own accounts (the MDA, transport {@code mda}).
 *
 * <p>Each recipient is looked up once more: the directories say whose mailbox it is. They are asked in the order of the setting
 * {@code directories}, as the router does. Recipients that are the same account get one copy. On top of the message stand, in this order,
 *
 * <pre>
 * Return-Path: &lt;sender@example.org&gt;        the reverse-path (RFC 5321 section 4.4)
 * Delivered-To: alice@demo.test              the account
 * X-Original-To: info@demo.test              whom the message was for, where that is not the account: an alias (ORCPT, RFC 3461),
 *                                            a subaddress, a catch-all; one for each recipient
 * </pre>
 *
 * A Return-Path that the message came with is taken out, for exactly one should be there (RFC 5321 section 4.4). Nothing else of the message is changed.
 *
 * <table>
 * <caption>outcomes</caption>
 * <tr><td>{@code 250 2.0.0}</td><td>the store has it durably</td></tr>
 * <tr><td>{@code 550 5.1.1}</td><td>the account is gone since the message was accepted</td></tr>
 * <tr><td>{@code 554 5.4.6}</td><td>a Delivered-To of this account is in the message already: a loop</td></tr>
 * <tr><td>{@code 452 4.2.2}</td><td>the account has a {@code quota} and the message would exceed it; its owner can make room</td></tr>
 * <tr><td>{@code 451 4.2.0}</td><td>the mailbox could not be written</td></tr>
 * <tr><td>{@code 451 4.3.0}</td><td>a directory cannot tell</td></tr>
 * <tr><td>{@code 451 4.3.5}</td><td>the recipient became an alias, a foreign or a relayed one, and has to be routed anew</td></tr>
 * </table>
 *
 * <p>Mailboxes are opened by {@link org.staffetta.api.mailbox.Mailboxes}, which knows their stores. While a named directory is missing, the attempt waits a little
 * and then fails as a whole; while a store is, all attempts at its mailboxes together wait a little and fail. Nothing that a store or a directory does wrong makes a delivery fail for good.
 */
@NullMarked
package org.staffetta.mda;

import org.jspecify.annotations.NullMarked;
