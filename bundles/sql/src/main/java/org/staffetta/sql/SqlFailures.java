package org.staffetta.sql;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;

/** What an {@link SQLException} means. */
public final class SqlFailures {

    private static final String DISK_FULL = "53100";
    private static final String UNIQUE_VIOLATION = "23505";
    private static final int MAX_CAUSES = 20;

    private SqlFailures() {}

    /** Whether there is no room on the disk. */
    public static boolean isFull(SQLException failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            boolean full = cause instanceof SQLException sql && DISK_FULL.equals(sql.getSQLState())
                    || cause instanceof IOException && saysFull(String.valueOf(cause.getMessage()));
            if (full) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** Whether such a key is there already. */
    public static boolean isDuplicate(SQLException failure) {
        return UNIQUE_VIOLATION.equals(failure.getSQLState());
    }

    /**
     * Whether a transaction that failed with this before its commit may succeed in another connection: that one was broken or cut off
     * (class 08, 57P01 to 57P03), or others were in the way (class 40).
     */
    static boolean isPassing(SQLException failure) {
        return isCut(failure) || String.valueOf(failure.getSQLState()).startsWith("40");
    }

    /** Whether the connection is gone, so that nobody knows how far the server came. */
    static boolean isCut(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        return state.startsWith("08") || state.startsWith("57P0");
    }

    private static boolean saysFull(String message) {
        String text = message.toLowerCase(Locale.ROOT);
        return text.contains("no space left") || text.contains("quota exceeded") || text.contains("not enough space");
    }
}
