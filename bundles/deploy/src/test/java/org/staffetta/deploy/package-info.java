@NullMarked
package org.staffetta.deploy;

import org.jspecify.annotations.NullMarked;
