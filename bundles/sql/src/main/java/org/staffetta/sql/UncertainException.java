package org.staffetta.sql;

import java.sql.SQLException;

/** A transaction of which nobody knows whether it is on stable storage: the answer to its commit was lost, or the force after it failed. */
public final class UncertainException extends SQLException {

    private static final long serialVersionUID = 1L;

    UncertainException(SQLException cause) {
        super("it is not certain whether the transaction was committed: " + cause.getMessage(), cause.getSQLState(),
                cause);
    }
}
