/** A second plug-in, to stand before or behind the first. */
@NullMarked
package org.staffetta.itests.sender;

import org.jspecify.annotations.NullMarked;
