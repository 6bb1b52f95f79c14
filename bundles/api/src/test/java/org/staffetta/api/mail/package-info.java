@NullMarked
package org.staffetta.api.mail;

import org.jspecify.annotations.NullMarked;
