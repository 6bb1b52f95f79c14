/** What the filter of {@code org.staffetta.itests.slow} is replaced by. */
@NullMarked
package org.staffetta.itests.brisk;

import org.jspecify.annotations.NullMarked;
