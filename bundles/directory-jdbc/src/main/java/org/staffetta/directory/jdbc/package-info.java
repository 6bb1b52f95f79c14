/**
 * Who gets mail here, in PostgreSQL or H2, and proof of identity: {@code directory.jdbc.<name>.database} names the database
 * ({@code jdbc.<database>.url}). What changes in the tables is heeded at once; nothing is cached.
 *
 * <pre>
 * INSERT INTO directory_domain (name) VALUES ('demo.test');
 * INSERT INTO directory_domain (name, same_as) VALUES ('example.net', 'demo.test');          -- the same people under another name
 * INSERT INTO directory_domain (name, accept_any) VALUES ('partner.example', TRUE);          -- relayed: the next hop knows who there is
 * INSERT INTO directory_address (domain, local_part, kind, password)
 *   VALUES ('demo.test', 'alice', 'account', '$argon2id$v=19$m=19456,t=2,p=1$...');          -- see mail:passwd
 * INSERT INTO directory_attribute VALUES ('demo.test', 'alice', 'tenant', 'demo');
 * INSERT INTO directory_address (domain, local_part, kind) VALUES ('demo.test', 'info', 'alias');
 * INSERT INTO directory_member VALUES ('demo.test', 'info', 1, 'alice@demo.test'), ('demo.test', 'info', 2, 'x@elsewhere.example');
 * INSERT INTO directory_address (domain, local_part, kind) VALUES ('demo.test', '', 'alias'); -- gets what is for nobody else
 * INSERT INTO directory_postmaster VALUES (1, 'alice@demo.test');
 * </pre>
 *
 * <p><b>Look-up</b> goes as in the directory file: an address as it stands; then without its subaddress (RFC 5233), the longest name first; then
 * {@code postmaster}; then the alias without a name. Names stand in the tables as they are compared ({@link org.staffetta.identity.Names}): in
 * lower case and NFC, domains as A-labels. An account's id is its address so written.
 *
 * <p><b>While the database is away</b>, and before it was reached for the first time, the directory cannot tell: clients are told to come back.
 *
 * <p><b>What is wrong in the tables</b> (an alias without members, a member that is no address, a hash that is none) makes the answer uncertain for
 * that address alone: the client is told to come back, and the log says what to put right.
 *
 * <p><b>Passwords</b> are hashes in PHC form, Argon2id or scrypt, or in the form of SCRAM-SHA-256; PLAIN and LOGIN are as in
 * {@link org.staffetta.identity.Login}. SCRAM-SHA-256, with and without channel binding, is offered while there is a password of that last form, which is looked up
 * every five seconds; see {@link org.staffetta.identity.ScramLogin}. Of several directories that offer it one is asked, so passwords of that
 * form belong into one of them. An account with the attribute {@code login} = {@code no} gets mail, and nobody logs in
 * as it.
 */
@NullMarked
package org.staffetta.directory.jdbc;

import org.jspecify.annotations.NullMarked;
