/** A plug-in of two kinds that needs another bundle, for what may go wrong when it goes. */
@NullMarked
package org.staffetta.itests.hazard;

import org.jspecify.annotations.NullMarked;
