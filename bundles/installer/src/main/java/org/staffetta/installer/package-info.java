/**
 * Starts what the feature files name.
 *
 * <p>A feature file is a JSON file of the OSGi Feature Service specification (comments are allowed) in the folder
 * {@code features/} of the installation, or in a {@code deploy/} folder. Each of its bundles has Maven coordinates; the
 * bundle is the file {@code bundles/<artifactId>-<version>.jar}. {@code start-order} is the bundle's start level: a
 * lower one starts earlier and stops later. The {@code configurations} of a feature file go to Configuration Admin as
 * long as the file is there; they are for parts of the container, an operator's settings are elsewhere.
 *
 * <p>When the framework has started, all features are read and all their bundles installed before the first of them starts,
 * so the order of the files does not matter. From then on a file that comes, changes or goes is followed at once: bundles
 * that are new are installed beside the others and started, then those that no file names any more are stopped and
 * uninstalled. A bundle that does not start (and that nobody has stopped by hand) is tried again whenever the set of bundles changes, and is reported in one line
 * that says why. A bundle of a feature that somebody uninstalls is installed again from {@code bundles/}. While a bundle of the same symbolic name from
 * {@code deploy/} runs in its place it is not started.
 *
 * <p>When the first pass is over, an OSGi Condition with {@code osgi.condition.id=staffetta.features} is registered; its property
 * {@code staffetta.problems} lists the bundles that do not run.
 */
@NullMarked
@Header(name = "Staffetta-Update", value = "restart")
package org.staffetta.installer;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Header;
