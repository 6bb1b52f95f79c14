/** A plug-in that fails when it is to start. */
@NullMarked
package org.staffetta.itests.failing;

import org.jspecify.annotations.NullMarked;
