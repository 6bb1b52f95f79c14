/**
 * Who gets mail here, by LDAP, and proof of identity by binding as the one who logs in: {@code directory.ldap.<name>.url} and so on.
 *
 * <pre>
 * directory.ldap.main.url = ldaps://ldap1.example.org, ldaps://ldap2.example.org
 * directory.ldap.main.bind.dn = cn=staffetta,ou=services,dc=example,dc=org
 * directory.ldap.main.bind.password = ${secret:ldap}
 * directory.ldap.main.base = dc=example,dc=org
 * directory.ldap.main.domains = example.org, example.net
 * directory.ldap.main.account.filter = (&amp;(objectClass=inetOrgPerson)(|(mail={address})(mailAlternateAddress={address})))
 * directory.ldap.main.account.forward = mailForwardingAddress
 * directory.ldap.main.alias.filter = (&amp;(objectClass=nisMailAlias)(cn={address}))
 * directory.ldap.main.alias.members = rfc822MailMember
 * </pre>
 *
 * <p><b>Look-up</b> goes as in the directory file: the domain must be ours, by the list {@code domains} or by an entry for {@code domain.filter}; then an
 * address as it stands; then without its subaddress (RFC 5233), the longest name first; then {@code postmaster}; then the entry for
 * {@code catchall.filter}. For each of these names one search for an account, and one for an alias if there is a filter for them.
 *
 * <p><b>Filters</b> are read once, as filters. Where a value in one has a <code>{word}</code>, each search puts what it looks for in its place within the
 * value: what is looked for cannot become a part of the filter, whatever characters it has (RFC 4515, {@link org.staffetta.directory.ldap.Template}).
 * Names are in the form in which they are compared ({@link org.staffetta.identity.Names}), {@code address} is as on the wire.
 *
 * <p><b>An account</b> has the address in the attribute {@code account.id} as its id, whichever address it was found by. It must be just one: whose mailbox
 * would it be? An account with values in the attribute {@code account.forward} is an alias for these.
 *
 * <p><b>Logins</b> are PLAIN and LOGIN: the entry is looked up, and its DN bound with the password that was given, on connections that are
 * used for nothing else. An empty password is refused without asking: a server takes a bind with one for an anonymous one and lets it succeed (RFC 4513
 * section 5.1.2). For an unknown name a DN is bound that is not there, and the answer comes when one to a wrong password would have come.
 *
 * <p><b>When LDAP cannot tell</b>: away, slow, busy, more entries than one, an error, a referral (none is followed), what is no address where one must be.
 * That is an {@link java.io.IOException}, so the client is told to come back, and never "no such user". Only a search that came to its end without
 * an entry says that there is none.
 *
 * <p><b>Bounds.</b> A look-up or login takes {@code timeout} at most, whatever the server does; there are at most {@code pool.size} connections for
 * searches and as many for logins; whoever finds none free within his time cannot be told. Idle connections are asked for the root of the server twice a
 * minute and left when it does not answer. After one server another is asked in the order of the URLs, and the first again as soon as it is back.
 *
 * <p><b>Changes</b> of the settings count for the next look-up; settings that cannot be are logged, and the ones before stay.
 */
@NullMarked
package org.staffetta.directory.ldap;

import org.jspecify.annotations.NullMarked;
