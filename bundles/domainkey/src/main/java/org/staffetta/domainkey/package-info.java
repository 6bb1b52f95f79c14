/**
 * What DKIM (RFC 6376), ARC (RFC 8617) and DMARC have in common: lists of tags, canonical forms, keys in DNS, signatures over header fields and
 * body.
 *
 * <p><b>Where this stands.</b> The filters that verify and sign are bundles of their own, each replaced without the others. This package is no
 * bundle: bnd copies it into each of them, as it does with {@code org.staffetta.sql}, so that an update of one tears down no other.
 *
 * <p><b>Constant memory.</b> Header fields are in memory, within the listener's bounds; the body streams by once, however many signatures
 * there are, in blocks of 16 KiB. {@link org.staffetta.domainkey.BodyHashes} is told first which hashes are wanted: two canonical forms, whole or in
 * part.
 *
 * <p><b>What is accepted.</b> {@code rsa-sha256} with keys of 1024 to 8192 bits and {@code ed25519-sha256} (RFC 8301, RFC 8463). What is valid in itself and
 * yet not accepted is {@code policy}: {@code rsa-sha1}, shorter keys, and a body of which {@code l=} leaves a part unsigned (RFC 6376 section 8.2; one that
 * covers the whole body after all is as good as none). What cannot be understood, for ever, is {@code permerror}; what DNS does not tell now is
 * {@code temperror}. Nothing but {@code pass} means anything good.
 *
 * <p><b>Keys in DNS.</b> One question a key and message ({@link org.staffetta.domainkey.KeyLookup}), within the message's budget. A record may have
 * 8,192 octets. Of several records at a name those that are no keys do not count; two different keys are a {@code permerror}, since nobody can
 * say which one is meant (RFC 6376 section 3.6.2.2). The tag {@code g=} is of the past and ignored, as are unknown ones.
 *
 * <p><b>Internationalised mail</b> (RFC 8616). Domains and selectors may be U-labels in UTF-8; they are compared, looked up and told as A-labels.
 */
@NullMarked
package org.staffetta.domainkey;

import org.jspecify.annotations.NullMarked;
