/** What that plug-in needs. */
@NullMarked
package org.staffetta.itests.hazard.needed;

import org.jspecify.annotations.NullMarked;
