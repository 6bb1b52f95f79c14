/** A plug-in that does not come to the end of its start. */
@NullMarked
package org.staffetta.itests.slowstart;

import org.jspecify.annotations.NullMarked;
