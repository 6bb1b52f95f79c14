/**
 * Asks the domain name system, by dnsjava as a stub: the servers that are asked do the recursion and the validation.
 *
 * <p>What a server can do to us is to be silent: each query has a time-out, and each question a deadline for all queries that it takes
 * (all servers, all rounds, TCP after a truncated answer, the links of a CNAME chain). What is no answer to the question,
 * garbled, truncated for good, a referral, or an error such as SERVFAIL or REFUSED makes the next server be asked; when there
 * is none left, there is no answer for now ({@link org.staffetta.api.dns.DnsException}), never a wrong one. Of an answer only the records count that
 * the question leads to, by its name or by CNAMEs from it, at most 8 (CVE-2024-25638), that are told in at most 3 pieces.
 *
 * <p>Answers are kept as long as their TTL says, within bounds; that something does not exist is kept as RFC 2308 says; and
 * that there was no answer is kept for a few seconds (RFC 9520), so that a dead server does not cost its time-out again and again. The
 * cache is bounded by octets.
 *
 * <p>The AD bit (RFC 4035 section 3.2.3) says that the server validated the answer. It is believed only from servers that are configured to be
 * trusted, by default those on this machine: on the way from any other, anybody may set it.
 *
 * <p>Names that RFC 6761 and RFC 7686 reserve are answered without asking: {@code localhost} is this machine, {@code invalid}
 * and {@code onion} do not exist. The files of the system's own resolver (hosts, search list) are not consulted: mail is routed by DNS.
 */
@NullMarked
package org.staffetta.dns;

import org.jspecify.annotations.NullMarked;
