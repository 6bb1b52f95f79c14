package org.staffetta.sql;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * What is done in one transaction. May be done again from the start if the first attempt came to nothing.
 *
 * @param <T> what comes of it
 */
@FunctionalInterface
public interface Work<T> {

    /** Does it. Neither commits nor closes. */
    T on(Connection connection) throws SQLException;
}
