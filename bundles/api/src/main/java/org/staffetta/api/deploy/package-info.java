/**
 * Bringing bundles into a running server, and taking them out, without anybody noticing.
 *
 * <p>There is one operation, {@link org.staffetta.api.deploy.Deployment}; the folder {@code deploy/}, the command {@code plugin} and the web console
 * all use it. A jar is read and checked, resolved against what runs, started beside the version that it replaces, looked at whether it works, and
 * only then does it take over; the old version ends what it has begun and goes. Whatever fails on the way leaves the old version
 * serving.
 *
 * <p>A writer of a plug-in has nothing to do for this, but may say two things. A service {@link org.staffetta.api.deploy.SelfCheck} of its bundle is
 * asked before the bundle takes over. And the manifest header {@value org.staffetta.api.deploy.Deployment#UPDATE} says how two versions get along:
 * {@code beside} (the default), {@code replace} for a bundle that holds what only one can hold, as the lock on a folder: the old version is stopped
 * before the new one starts, and started again if that one fails; and {@code restart} for one that cannot be replaced while the server runs. A bundle whose
 * symbolic name is a singleton is replaced.
 */
@NullMarked
@Header(name = Deployment.UPDATE, value = "restart")
@Export
@Version("1.0.0")
package org.staffetta.api.deploy;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.bundle.Header;
import org.osgi.annotation.versioning.Version;
