/** Where measured mail ends, and what it cost the server. */
@NullMarked
package org.staffetta.itests.discard;

import org.jspecify.annotations.NullMarked;
