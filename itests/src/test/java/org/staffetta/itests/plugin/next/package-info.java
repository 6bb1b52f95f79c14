/** The next version of a plug-in, to be tried beside the one before. */
@NullMarked
package org.staffetta.itests.plugin.next;

import org.jspecify.annotations.NullMarked;
