/**
 * One commented text file is the configuration; Configuration Admin and the web console are views of it.
 *
 * <p><b>Files.</b> {@code staffetta.properties} in the folder {@code ${staffetta.conf}}, then the files {@code conf.d/*.properties} beside it in
 * the order of their names: of a key that several of them set the last one counts, so that a drop-in can override what a package ships. Within one
 * file a key may stand once. Lines end in LF or CRLF. There is no {@code include}. The text is UTF-8 in the syntax of Java properties, read by Commons Configuration; a value
 * may hold <code>${env:NAME}</code> and <code>${secret:NAME}</code> (the content of {@code secrets/NAME}) and nothing else of the kind;
 * <code>$${</code> stands for a plain <code>${</code>.
 *
 * <p><b>Overrides.</b> A system or framework property {@code staffetta.set.<key>} wins over the files and is never written to them.
 *
 * <p><b>Keys.</b> {@code <prefix>.<attribute>} is an attribute of the PID {@code org.staffetta.<prefix>}; {@code <prefix>.<instance>.<attribute>}
 * one of the factory configuration {@code org.staffetta.<prefix>~<instance>}. Which prefixes and attributes there are, their types and bounds, is
 * what the Metatype of the installed bundles says; the longest prefix whose kind has the attribute counts. Metatype has no type for a time, nor for
 * a share: a text whose default is one, such as {@code 5m} or {@code 100%}, takes nothing else. A key without a dot is shared: every component that has an attribute of
 * that name gets it unless it has one of its own. Keys that no bundle claims are kept, and taken up when a bundle comes that does.
 *
 * <p><b>A change is taken as a whole or not at all.</b> All files are read, all values checked; one error, and nothing is published, the running
 * configuration stays, and each error is told in one line: file, line, key, value, and what is allowed. What is accepted goes to Configuration Admin,
 * and only what differs. A line taken out means the default again. Configurations published from the files carry the property
 * {@code staffetta.config}; when a configuration is nobody's any more it is deleted, except while the bundle that declares it is away.
 *
 * <p><b>The way back.</b> What somebody else changes in a configuration of ours (the form of the web console) is written to the file that it came
 * from: the one line of that key changes, all other bytes stay. A default is not written. The file is replaced by a rename of a synced copy, and
 * only if it still is as it was read: a hand edit is never overwritten. The last ten versions of each file are kept in {@code history/}.
 */
@NullMarked
@Header(name = Deployment.UPDATE, value = "replace")
package org.staffetta.config;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Header;
import org.staffetta.api.deploy.Deployment;
