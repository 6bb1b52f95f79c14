/**
 * Guards the Felix Web Console.
 *
 * <p><b>Where.</b> HTTP is opened on {@code address} and {@code port} of the settings, which go to the HTTP service as its configuration; without this bundle
 * nothing listens. The address is a loopback address, always: what may install code is not for the network. From elsewhere one comes by a tunnel
 * ({@code ssh -L}) or a proxy that speaks TLS.
 *
 * <p><b>Who.</b> The one user is {@code admin}. At the first start a password of 140 random bits is made; it is shown once, in the notice that
 * the server is ready, and kept in {@code console.password} in the data folder as an Argon2id hash in PHC form, which only the server's user can read. Deleting
 * that file makes a new password at the next start. After three wrong passwords in a row nothing is checked for a second, then two, then four, up to a minute;
 * a password that has been right before is still recognised then, so whoever guesses does not lock the operator out.
 *
 * <p><b>What.</b> The pages of the console have no protection against requests that a foreign page makes in the operator's browser, which sends the password
 * along by itself. So a request that may change something is refused if the browser says that it comes from elsewhere ({@code Sec-Fetch-Site},
 * {@code Origin}, {@code Referer}), and so is any that is not a plain visit. Each request that may change something is in the server's log. Headers tell
 * the browser not to show the console in a frame, not to guess types, and to load nothing from elsewhere.
 *
 * <p><b>Plug-ins.</b> One page of our own, {@link org.staffetta.console.PluginsPage}, brings bundles in and takes them out through
 * {@link org.staffetta.api.deploy.Deployment}. Its forms carry a token that only a page of this server run has, and each request is looked at
 * once more for where it comes from.
 */
@NullMarked
@Header(name = Deployment.UPDATE, value = "replace")
package org.staffetta.console;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Header;
import org.staffetta.api.deploy.Deployment;
