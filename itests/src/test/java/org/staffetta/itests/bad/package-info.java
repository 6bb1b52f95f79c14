/** Plug-ins that do what a plug-in should not. */
@NullMarked
package org.staffetta.itests.bad;

import org.jspecify.annotations.NullMarked;
