/**
 * Who gets mail here, from one text file that an administrator reads at once, and proof of identity over its passwords.
 *
 * <pre>
 * # who gets mail here
 * domain     demo.test
 * domain     example.net      same-as=demo.test     # the same people under another name
 * domain     partner.example  accept=any            # relayed: the next hop knows who there is, a route says where it is
 *
 * account    alice@demo.test  password=$argon2id$v=19$m=19456,t=2,p=1$...  quota=2G  tenant=demo
 * account    bob@demo.test                          # gets mail, has no password
 * account    old@demo.test    password=$argon2id$... login=no   # nobody logs in as it, by whatever means
 *
 * alias      info@demo.test   alice@demo.test, bob@demo.test
 * alias      away@demo.test   somebody@elsewhere.example
 * catch-all  @demo.test       bob@demo.test
 * postmaster alice@demo.test                        # for all domains that have no postmaster of their own
 * </pre>
 *
 * <p><b>Form.</b> One entry a line, in any order, in UTF-8; words are separated by white space; a {@code #} that begins a word begins a
 * comment. A local part that needs them is quoted as on the wire: {@code "john doe"@demo.test}.
 *
 * <p><b>Look-up.</b> Local parts do not depend on case nor on the Unicode form (NFC); domains may be written as U-label or A-label. An
 * address is looked up as it stands; then without its subaddress (RFC 5233), the longest name first: {@code a+b+c}, {@code a+b},
 * {@code a}; then {@code postmaster}; then the catch-all. An account's id is its address in lower case with the domain in ASCII.
 *
 * <p><b>Postmaster.</b> Each domain must accept mail for {@code postmaster} (RFC 5321 section 4.5.1): by an entry, a catch-all or
 * the {@code postmaster} line. A file in which one does not is refused. {@code postmaster@} this server's own host name, which is where
 * a recipient {@code <Postmaster>} without a domain goes, is accepted as well.
 *
 * <p><b>Relay domains.</b> An address of a domain with {@code accept=any} is an
 * {@link org.staffetta.api.directory.DirectoryEntry.Account} with the attribute {@code accept} = {@code any}: it is not known whether it
 * exists, nobody can log in as it, and the router sends it where a route says and never to a mailbox.
 *
 * <p><b>Errors.</b> An address that is there twice, a domain that is not declared, an alias that leads nowhere or in a ring, an unknown word
 * or a bad value: the whole file is refused with one line that names file, line, what is wrong and what is allowed; what was read before stays
 * in force. A change of the file is live within two seconds; it is read once two looks at it have shown the same, so a file that is being
 * written is not read half.
 *
 * <p><b>Passwords</b> are hashes in PHC form, Argon2id or scrypt; {@code mail:passwd} in the shell makes one. The mechanisms are PLAIN (RFC
 * 4616) and LOGIN, and SCRAM-SHA-256 with passwords of that form. An unknown name is checked against somebody's hash and denied, so it takes as long as a wrong password. Hashing runs on few
 * threads of its own and in bounded memory.
 */
@NullMarked
package org.staffetta.directory.file;

import org.jspecify.annotations.NullMarked;
