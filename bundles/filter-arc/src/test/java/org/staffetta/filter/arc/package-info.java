@NullMarked
package org.staffetta.filter.arc;

import org.jspecify.annotations.NullMarked;
