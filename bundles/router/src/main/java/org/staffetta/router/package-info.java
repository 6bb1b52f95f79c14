/**
 * Where mail goes: own domains to the MDA, others by a table of routes or by their MX records.
 *
 * <p>The directories say whose a recipient is, asked in the order of the setting {@code directories}: names, and {@code *} for all others by
 * service ranking. The first that does not call the domain foreign decides. A named directory must be there: while it is missing the router waits a
 * little and then cannot tell ({@link java.io.IOException}, {@code 451}), for without it an own domain would look foreign.
 *
 * <table>
 * <caption>what becomes of an answer</caption>
 * <tr><td>account</td><td>{@code Local}: by a route for the domain, else the MDA with the domain as next hop</td></tr>
 * <tr><td>account with the attribute {@code accept=any}</td><td>{@code Local} by a route for the domain; {@code 451 4.3.5} without
 * one, for the operator has to add it; {@code 550 5.7.1} for a local part with {@code %}, {@code !} or {@code @}, by which a next hop
 * that still knows source routes could be used as a relay</td></tr>
 * <tr><td>alias</td><td>{@code Alias}</td></tr>
 * <tr><td>no such user</td><td>{@code Unknown}</td></tr>
 * <tr><td>foreign</td><td>{@code Relay}: by a route, else {@code smtp} with the domain as next hop; an address literal must be an address of
 * another host ({@code 550 5.1.2})</td></tr>
 * </table>
 *
 * <p><b>Routes</b> are {@code PATTERN TRANSPORT:NEXTHOP}, e.g.
 *
 * <pre>
 * router.routes = example.org lmtp:[127.0.0.1]:24, .example.org smtp:[mail.example.org]:2525, * smtp:[smarthost.example]:25
 * </pre>
 *
 * The pattern is a domain, a dot and a domain (all its subdomains, not itself), or {@code *}. The most specific one counts, wherever it stands:
 * the domain itself, then the longest with a dot, then {@code *}. {@code *} is for foreign domains only: a smart host never gets what
 * is ours. Next hops of {@code smtp} and {@code lmtp} are {@code example.org} (by MX) or {@code [host]:port}; the port may be
 * left out. U-labels and A-labels are the same.
 */
@NullMarked
package org.staffetta.router;

import org.jspecify.annotations.NullMarked;
