/**
 * TLS for all parts: keys, certificates and rules are here, and handshakes are carried out here.
 *
 * <p><b>Certificates.</b> Each configuration of the factory {@code org.staffetta.certificate} names files: PEM (chain and key, in one file or in two) or
 * PKCS#12. A {@link org.staffetta.tls.LiveIdentity} looks at them every second; when they have changed they are read and checked (the key
 * fits, the certificate is not over), and taken, or refused with a word to the operator while the one before serves on. A renewal that writes two files
 * one after the other is waited for. The same goes for each {@code NAME.pem} in {@code data/certificates}, where another part may keep certificates for us
 * ({@link org.staffetta.tls.CertificateFolder}); what the configuration names counts more. Without any certificate there is a {@link org.staffetta.tls.SelfSigned} one, made at the first start.
 *
 * <p><b>Who gets which.</b> A {@link org.staffetta.tls.KeyRing} holds those in force. The name that the client asks for (SNI, RFC 6066 section 3) is looked up
 * in a map, never used otherwise; a wildcard stands for one label. Without a name, or with one that nobody here has, the client gets the preferred
 * certificate: that which {@code tls.certificate} says, else one for our host name, else the first. Of several for a name the kind of key that the client can
 * use decides, and then which holds longest.
 *
 * <p><b>Renewal.</b> Certificates, provider and rules together are one immutable {@link org.staffetta.tls.Rules}. A change makes another, which later
 * handshakes use; connections that are there are not touched, nor are handshakes that have begun.
 *
 * <p><b>Handshakes.</b> A {@link org.staffetta.tls.Handshake} ends within {@code tls.handshake.timeout}, whatever the other side does: then the socket
 * is closed. At most {@code tls.handshake.concurrency} handshakes compute at a time; one that waits for the other side lets another compute
 * ({@link org.staffetta.tls.Turnstile}), so clients that stall hold up nobody. TLS 1.2 and 1.3 only. A client that asks to negotiate anew
 * is cut off: that is a property of the Java VM, which {@code bin/staffetta} sets.
 *
 * <p><b>What was agreed on</b> is told with each connection. The group no provider tells: a {@link org.staffetta.tls.GroupReader} reads it from what the server
 * says in clear. {@link org.staffetta.tls.Handshakes} counts what handshakes come to, failures by their {@link org.staffetta.tls.Failure kind}.
 *
 * <p><b>Providers.</b> JSSE, the Java VM's own, or Bouncy Castle's BCJSSE with the Java VM's cryptography, from a bundle. Neither is registered
 * with the Java VM, so neither affects anybody else.
 *
 * <p><b>Clients of ours</b> verify a server's certificate against {@code tls.trust}, or the Java VM's list of authorities, and its name; where the caller does not
 * insist, the outcome is only told.
 */
@NullMarked
package org.staffetta.tls;

import org.jspecify.annotations.NullMarked;
