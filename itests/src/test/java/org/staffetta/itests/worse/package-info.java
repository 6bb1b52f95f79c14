/** A plug-in that is worse than the one before. */
@NullMarked
package org.staffetta.itests.worse;

import org.jspecify.annotations.NullMarked;
