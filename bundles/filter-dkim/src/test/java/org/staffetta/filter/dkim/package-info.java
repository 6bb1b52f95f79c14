@NullMarked
package org.staffetta.filter.dkim;

import org.jspecify.annotations.NullMarked;
