@NullMarked
package org.staffetta.plugins;

import org.jspecify.annotations.NullMarked;
