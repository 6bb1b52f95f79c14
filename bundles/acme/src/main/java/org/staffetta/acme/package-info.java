/**
 * Certificates of an authority that speaks ACME (RFC 8555), got and renewed without anybody doing anything.
 *
 * <p><b>What for.</b> Each configuration of the factory {@code org.staffetta.acme.certificate} names domains; of each the newest certificate is
 * {@code data/certificates/<name>.pem}: the chain, ours first, and its key. That folder is where the {@code tls} bundle takes certificates from, so what is
 * there serves whether this bundle runs or not. Nothing else is shared, and nothing here is on the way of a message.
 *
 * <p><b>When.</b> The {@link org.staffetta.acme.Keeper} runs on a virtual thread of its own and does one thing at a time. A certificate is got when there is none, when
 * it is for other domains, of another kind of key or from another authority than the settings say; and when the authority suggests so (ARI, RFC 9773), or at two thirds
 * of its life. The moment is drawn within a span, so that servers do not all come at once. Each failure doubles the pause before the next
 * attempt, from {@code acme.retry.first} to {@code acme.retry.max}; a time that the authority names is waited for. All this survives a restart
 * ({@link org.staffetta.acme.Note}). Other settings are tried at once.
 *
 * <p><b>How.</b> {@link org.staffetta.acme.Authority} is what the keeper knows of an authority; acme4j is behind it, in
 * {@link org.staffetta.acme.AcmeAuthority}. A nonce that is refused is asked for anew there (RFC 8555 section 6.5). A challenge is answered by a
 * {@link org.staffetta.acme.Responder}, which has its port open only while the authority looks: {@link org.staffetta.acme.HttpResponder} (http-01, RFC 8555 section
 * 8.3), {@link org.staffetta.acme.TlsResponder} (tls-alpn-01, RFC 8737). Strangers reach both: they read little, answer what was asked for and nothing
 * else, and close after a deadline.
 *
 * <p><b>Keys.</b> The account has one for each authority, {@code data/acme/account-*.pem}. That of a certificate stays the same at a renewal unless
 * {@code key.kept} is false, for a TLSA record that names it (RFC 7672 section 3.1.1) would be wrong otherwise. All files are for their owner only, and replaced whole
 * ({@link org.staffetta.acme.PrivateFiles}). A new key is on disk before a certificate is asked for.
 *
 * <p><b>What goes wrong</b> is one line in the log and in {@code bin/staffetta acme}; from the third failure in a row on also an alarm, once a day.
 */
@NullMarked
@Header(name = Deployment.UPDATE, value = "replace")
package org.staffetta.acme;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Header;
import org.staffetta.api.deploy.Deployment;
