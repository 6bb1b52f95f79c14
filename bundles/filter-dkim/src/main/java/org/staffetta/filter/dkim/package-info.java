/**
 * DKIM (RFC 6376, 8301, 8463, 8616): the filter {@code dkim} verifies, the filter {@code dkim-sign} signs. They are two because they stand at
 * different places of a chain: {@code listener.mx.filters = spf, dkim, dmarc} and {@code listener.submission.filters = dkim-sign}, or both in one chain with
 * {@code dkim-sign} last, since what is edited later is not signed.
 *
 * <h2>Verifying</h2>
 * The first {@code dkim.verify.max} signatures from the top are verified, by one pass over the body for all of them. Each is a finding {@code dkim} with
 * {@code header.d}, {@code header.i} (if it is there), {@code header.s}, {@code header.a}, {@code header.b} (eight octets, or as many as make it
 * unique: RFC 6008) and, unless all is well, {@code reason}. A value that cannot be trusted to be what it says is left out. A message without signature
 * has one finding {@code none}. The filter objects to nothing: what follows from its findings is for DMARC and others to say.
 * <table>
 * <caption>Results</caption>
 * <tr><td>pass</td><td>valid; with a reason if the key is in test mode ({@code t=y})</td></tr>
 * <tr><td>fail</td><td>the body or the signature does not match</td></tr>
 * <tr><td>policy</td><td>of a kind that is not accepted: {@code rsa-sha1} (RFC 8301 section 3.1), an RSA key of less than 1024 or more than 8192 bits
 * (section 3.2), a part of the body is not signed ({@code l=}, RFC 6376 section 8.2), a field that may stand once was added (section 8.15), expired, from the
 * future, or beyond the number that is looked at</td></tr>
 * <tr><td>neutral</td><td>it fails, but the key is in test mode (RFC 6376 section 3.6.1)</td></tr>
 * <tr><td>temperror</td><td>DNS has no answer for the key now, or the message has used up its questions</td></tr>
 * <tr><td>permerror</td><td>the signature or the key cannot be understood, does not exist, or was revoked; the key is not for it</td></tr>
 * </table>
 * A valid signature with a key in test mode is a {@code pass}: the RFC would have it treated as no signature, but nobody is hurt by a true statement,
 * and many leave the flag there for ever.
 *
 * <h2>Signing</h2>
 * Messages of {@code dkim.sign.clients} are signed when there is a key for the domain of their From, which must be one field with one plain address. The
 * signature is relaxed/relaxed, never has {@code l=}, ends after {@code dkim.sign.lifetime}, and covers {@code dkim.sign.headers}; those of
 * {@code dkim.sign.oversign} once more than they are there, so that none can be added. All keys of the domain that have {@code use = sign} sign, so RSA and
 * Ed25519 can stand side by side. If none of them can be read, the client is told to come back (451 4.3.5) and an operator hears of it: unsigned, the
 * message might be refused by everybody else.
 *
 * <p>A body with octets above 127 is signed as it is. The relay sends it as it is, also to a server that does not offer 8BITMIME (see there), so
 * that no signature of ours is broken by a conversion.
 *
 * <p>What the server itself writes, delivery notices and DMARC reports, passes no filter. It is signed all the same, whatever {@code dkim.sign.clients} says
 * and whether {@code dkim-sign} is in a chain or not, if there is a key for the domain of its From, that is of {@code postmaster@hostname} unless
 * the configuration says otherwise. If none of its keys can be read a notice goes out unsigned, since a sender who is not told of a failure is worse off, and
 * a report waits.
 *
 * <h2>Keys</h2>
 * {@code dkim.key.<name>.domain}, {@code .selector}, {@code .file}, {@code .use}, {@code .subdomains}. To change a key: {@code dkim new example.org} makes one
 * and enters it with {@code use = publish}; its record goes into DNS; when {@code dkim show} says that it is there,
 * {@code config set dkim.key.<new>.use sign} and {@code config set dkim.key.<old>.use publish}; a week later, when nothing is on its way any more, the
 * old one is taken out. A file that changes is read again.
 *
 * <h2>The suites of others</h2>
 * <table>
 * <caption>Cases</caption>
 * <tr><th>suite</th><th>cases</th><th>as it says</th><th>excepted</th></tr>
 * <tr><td>dkim-authres-lieser</td><td>35</td><td>35</td><td>0</td></tr>
 * <tr><td>dkim-mail-dkim</td><td>79</td><td>29</td><td>50: 17 DomainKeys (RFC 4870, historic), 20 drafts without {@code v=1} (RFC 6376 section 3.5), 13
 * rsa-sha1 (RFC 8301 section 3.1)</td></tr>
 * </table>
 * Each exception is a line of {@code suites/exceptions.txt} among the test resources, with what is said instead; a line that is not needed fails the tests.
 */
@NullMarked
package org.staffetta.filter.dkim;

import org.jspecify.annotations.NullMarked;
