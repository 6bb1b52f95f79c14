/**
 * Brings bundles into the running server: the one operation behind the folder {@code deploy/}, the command {@code plugin} and the page of the web
 * console.
 *
 * <p><b>The steps.</b> <i>read</i>: a copy is taken to {@code data/plugins/<symbolic name>/}, read to its end, and its manifest checked. <i>signature</i>,
 * if {@code deploy.trust.store} names one: somebody who is trusted has signed each entry. <i>resolve</i>: the copy is installed under a location of
 * its own, not started, and whatever it requires is looked for in the framework; what is missing is named. <i>start</i>: it runs beside the
 * old version, but nothing of it is lent ({@link org.staffetta.api.plugin.Admission}). <i>components</i>: each was activated, or lacks nothing but a
 * configuration; and the classes are loaded, so that no mail waits for that. <i>self-check</i>: its own. <i>keep</i>: the jar is written to {@code deploy/}, if it did not come from there. <i>switch</i>: from
 * now on the new one is lent and the old one not. <i>drain</i>: the old one is stopped on a thread of its own, which waits for
 * its leases, and uninstalled. Up to <i>keep</i> whatever fails is undone, and the old version never noticed; after it nothing can fail.
 * A bundle that cannot run twice at once (header {@code Staffetta-Update: replace}) is stopped before <i>start</i>, and started again after a failure.
 *
 * <p><b>The folder</b> is the truth, and the framework's cache is made anew at each start. A jar that comes is installed, one whose content changes
 * is an update, one that is missing at two looks is removed. It is brought in when it looked the same twice and is a whole zip file with right checksums; if it stays
 * broken for 5 s that is told once. If it is refused, what served before serves on, and the same bytes are not tried again, unless they lacked something and another
 * bundle has come since. When the server starts, a jar that is refused gives way to what served last from that file. A bundle of
 * the distribution with the same symbolic name steps aside, stays installed, and takes over again when the last jar that stands in for it goes. Files with
 * different names are different deployments, also of one symbolic name: they run side by side, and who asks for a plug-in by its name gets that of the
 * highest version.
 *
 * <p><b>Rollback.</b> The copies of the last {@code deploy.keep} versions are kept, and {@code data/plugins/history} has a line for each operation. A rollback is an
 * update to the copy that served before, and so writes it to {@code deploy/}. When a plug-in of a bundle has its circuit breaker open within
 * {@code deploy.rollback.within} after an update, the bundle is rolled back by itself.
 *
 * <p><b>Threads.</b> One thread does all operations, one after the other. Code of a bundle on trial runs on a thread that is left to itself after
 * {@code deploy.start.timeout}. The ends of old versions have a thread each.
 */
@NullMarked
@Header(name = Deployment.UPDATE, value = "restart")
package org.staffetta.deploy;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Header;
import org.staffetta.api.deploy.Deployment;
