@NullMarked
package org.staffetta.domainkey;

import org.jspecify.annotations.NullMarked;
