/**
 * Carries mail to the next server: the transports {@code smtp} and {@code lmtp}, one code for both.
 *
 * <h2>Where to</h2>
 * A next hop is one of
 * <ul>
 * <li>{@code example.org}: by its MX records (RFC 5321 section 5.1), at the configured port; a domain without MX is its own
 * mail exchanger, one with a null MX (RFC 7505) takes no mail. LMTP knows no MX: the name is that of the host.
 * <li>{@code example.org:2525}: the same at another port.
 * <li>{@code [mail.example.org]:2525}, {@code [192.0.2.1]}, {@code [2001:db8::1]:25}, {@code [IPv6:2001:db8::1]}, {@code 192.0.2.1:25}: this
 * host, no MX.
 * </ul>
 * Equal preferences are tried in random order, IPv4 and IPv6 in turn. A server that is ourselves ends the list (no loops).
 *
 * <h2>An attempt</h2>
 * At most {@code max.addresses} addresses are tried; after {@code max.sessions} sessions that got past EHLO the rest waits
 * for the next attempt. A 4yz moves the recipients that got it to the next server; a 5yz is final, but for the greeting and the
 * reply to EHLO, which are about the server and not about the mail: they are final only when every server that was tried says so. When the
 * connection is lost after the final dot nobody knows whether the message was taken: it is tried again later, at no other
 * server now, so that at most one copy is too many.
 *
 * <p>What becomes of each recipient is told one by one. Replies are the server's own; what this server finds itself has
 * these codes:
 * <table>
 * <caption>Replies made here</caption>
 * <tr><td>451 4.3.0</td><td>the message cannot be read from the spool</td></tr>
 * <tr><td>451 4.3.5</td><td>the next hop is not understood or leads nowhere though a route names it, or DNS is not there</td></tr>
 * <tr><td>451 4.4.1</td><td>no server can be reached</td></tr>
 * <tr><td>451 4.4.2</td><td>the connection was lost, or a time-out passed</td></tr>
 * <tr><td>451 4.4.3</td><td>DNS has no answer now</td></tr>
 * <tr><td>451 4.5.0</td><td>the server does not speak SMTP</td></tr>
 * <tr><td>452 4.5.3</td><td>the server takes no more recipients in this session</td></tr>
 * <tr><td>451 4.7.4</td><td>encryption is required and the server does not offer it, or there is none here</td></tr>
 * <tr><td>451 4.7.5</td><td>encryption is required and the handshake failed</td></tr>
 * <tr><td>550 5.1.2</td><td>no such domain</td></tr>
 * <tr><td>556 5.1.10</td><td>null MX</td></tr>
 * <tr><td>552 5.3.4</td><td>larger than the server says it takes</td></tr>
 * <tr><td>550 5.4.4</td><td>the domain has no server with an address</td></tr>
 * <tr><td>550 5.7.10</td><td>REQUIRETLS is asked for, and no server offers STARTTLS</td></tr>
 * <tr><td>550 5.7.30</td><td>REQUIRETLS is asked for, and no server offers it, or its name is not validated</td></tr>
 * <tr><td>554 5.4.6</td><td>we are the domain's server, but the domain is not ours</td></tr>
 * <tr><td>554 5.6.0</td><td>the message has an octet that must not be sent</td></tr>
 * <tr><td>550 5.6.7</td><td>SMTPUTF8 is needed and not offered</td></tr>
 * </table>
 *
 * <h2>Encryption</h2>
 * The policy for the domain or host of the next hop ({@code tls}, {@code tls.policies}) says what is asked of the way:
 * <ul>
 * <li>{@code off}: nothing, STARTTLS is not used;
 * <li>{@code may}: STARTTLS if the server offers it, with whatever certificate. If it refuses, the mail goes in clear; if the handshake fails, so it
 * does over another connection to the same server;
 * <li>{@code require}: as above, but never in clear;
 * <li>{@code verify}: nor to a server that does not prove its name, that of the mail exchanger, by a certificate of somebody trusted.
 * </ul>
 * At a port of {@code tls.implicit.ports} a server is encrypted from the first octet on (RFC 8314), whatever the policy; whether it must prove its name the policy says.
 * Where the policy is not met the next server is tried, and then the mail waits: 4.7.4 if there is no STARTTLS, 4.7.5 if the handshake fails. Idle connections
 * are used again under the same policy only.
 *
 * <h2>What a message demands</h2>
 * RFC 8689. A message whose envelope has REQUIRETLS goes, whatever the policy, only to a server
 * <ul>
 * <li>whose name cannot have been forged: a route has it, the domain has no MX records and is its own server, or DNSSEC vouches for its MX records, as the dns
 * service tells ({@code requiretls.dnssec}; MTA-STS, the other way, is not there);
 * <li>that has proved that name by a certificate of somebody trusted, as under {@code verify} (DANE is not there);
 * <li>that offers REQUIRETLS on the encrypted connection. It is passed on with MAIL.
 * </ul>
 * A server that offers no STARTTLS (5.7.10) or no REQUIRETLS (5.7.30) is left; when all that were tried are of that kind, or DNSSEC does not vouch
 * (5.7.30), the sender is told at once. A handshake that fails, an untrusted certificate included, may succeed tomorrow, so the mail waits: he is told when its lifetime is
 * over. A message with the null reverse-path, and any by LMTP, goes as the policy has it, with REQUIRETLS where all of that holds (section 5).
 *
 * <p>{@code TLS-Required: No} in the header of a message without REQUIRETLS turns {@code require} and {@code verify} into {@code may} ({@code tls.header}). Two such
 * fields, or another word, count for nothing.
 *
 * <h2>Eight bits</h2>
 * A body with octets above 127 is sent as it is to a server that does not offer 8BITMIME, as Exim and OpenSMTPD do: practically every server
 * passes them on, to convert the body would break its signatures, and to fail would lose mail.
 *
 * <h2>Connections</h2>
 * are kept for a few seconds and used again, for up to {@code max.messages} transactions. One that turns out to be dead before
 * a message was sent on it is replaced by a new one at the same address; nobody notices.
 */
@NullMarked
package org.staffetta.relay;

import org.jspecify.annotations.NullMarked;
