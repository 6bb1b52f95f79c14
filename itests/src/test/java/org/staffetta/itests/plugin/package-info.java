/** Plug-ins that tests put into {@code deploy/}. */
@NullMarked
package org.staffetta.itests.plugin;

import org.jspecify.annotations.NullMarked;
