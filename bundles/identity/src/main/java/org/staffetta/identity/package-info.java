/**
 * Who somebody is: how names are compared, how passwords are kept, and proof of identity by both.
 *
 * <p>What every directory with names and passwords of its own has in common, whatever it keeps them in. This package is no bundle: bnd copies it
 * into each directory, so that each is replaced without the others.
 *
 * <p><b>Names.</b> Local parts do not depend on case nor on the Unicode form (NFC); domains may be written as U-label or A-label. A name that somebody logs in
 * with is looked up so, and in the form of RFC 8265 (UsernameCaseMapped), by which letters of full width are letters as well: {@link org.staffetta.identity.AuthName}.
 * Names that RFC 8265 would not have given out go on to work. All that means the same is counted as one name.
 *
 * <p><b>Passwords</b> are hashes in PHC form, Argon2id or scrypt. Hashing runs on few threads of its own and in bounded memory. They are prepared as OpaqueString (RFC
 * 8265): new ones must be what that allows, and old ones go on to fit. {@link org.staffetta.identity.Precis} knows both profiles, by the Java VM's
 * version of Unicode, and passes a suite of 3,575 strings.
 *
 * <p><b>Proof.</b> The mechanisms are PLAIN (RFC 4616), LOGIN, and SCRAM-SHA-256 with and without channel binding (RFC 5802, RFC 7677). SCRAM
 * needs a password that is kept in its own form, with which the others work as well; an Argon2id hash resists guessing better if the file gets lost. An unknown name is checked against somebody's hash and denied, so it takes as
 * long as a wrong password. However a name is written (in quotes, in capitals, as U-label), it is claimed in one form, so that guesses at it count together.
 */
@NullMarked
package org.staffetta.identity;

import org.jspecify.annotations.NullMarked;
