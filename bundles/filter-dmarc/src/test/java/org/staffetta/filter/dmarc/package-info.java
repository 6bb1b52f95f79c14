@NullMarked
package org.staffetta.filter.dmarc;

import org.jspecify.annotations.NullMarked;
