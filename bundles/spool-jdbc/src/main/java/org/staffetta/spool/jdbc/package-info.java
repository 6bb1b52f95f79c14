/** The spool in a database. */
@NullMarked
package org.staffetta.spool.jdbc;

import org.jspecify.annotations.NullMarked;
