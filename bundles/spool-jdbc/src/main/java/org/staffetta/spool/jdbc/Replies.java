package org.staffetta.spool.jdbc;

import java.sql.SQLException;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.spool.SpoolException;
import org.staffetta.sql.SqlFailures;

/** What clients are told. */
final class Replies {

    // RFC 5321 section 4.2.2: 452 "insufficient system storage"; RFC 3463 section 3.4: X.3.1 "mail system full"
    private static final Reply FULL = new Reply(452, "4.3.1", "Insufficient system storage, try again later");
    private static final Reply BROKEN = new Reply(451, "4.3.0", "Storage failure, try again later");
    private static final Reply CLOSED = new Reply(451, "4.3.2", "The mail system is being restarted, try again later");

    private Replies() {}

    static SpoolException closed() {
        return new SpoolException(CLOSED);
    }

    static SpoolException broken(Throwable cause) {
        return new SpoolException(BROKEN, cause);
    }

    static SpoolException of(SQLException failure) {
        return new SpoolException(SqlFailures.isFull(failure) ? FULL : BROKEN, failure);
    }
}
