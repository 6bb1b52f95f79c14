/** Tests of spools side by side. */
@NullMarked
package org.staffetta.spools;

import org.jspecify.annotations.NullMarked;
