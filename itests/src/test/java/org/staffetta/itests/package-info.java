/**
 * Tests of the whole: the assembled server as its user meets it, and the bundles in a container of Pax Exam's making.
 *
 * <p>{@link org.staffetta.itests.Server} starts {@code bin/staffetta run} with a data folder and ports of its own, so tests may run side by
 * side. Nothing here reaches beyond loopback.
 */
@NullMarked
package org.staffetta.itests;

import org.jspecify.annotations.NullMarked;
