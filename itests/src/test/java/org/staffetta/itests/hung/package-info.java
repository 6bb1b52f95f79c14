/** A spool that never answers. */
@NullMarked
package org.staffetta.itests.hung;

import org.jspecify.annotations.NullMarked;
