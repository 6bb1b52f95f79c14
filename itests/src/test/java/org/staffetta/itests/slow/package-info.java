/** A filter that can be made to take its time, for tests of what a swap does to those who wait for it. */
@NullMarked
package org.staffetta.itests.slow;

import org.jspecify.annotations.NullMarked;
