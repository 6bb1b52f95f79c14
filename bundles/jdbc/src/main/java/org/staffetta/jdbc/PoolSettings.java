package org.staffetta.jdbc;

import java.time.Duration;

/**
 * What a pool is made by. It does not show the password.
 *
 * @param name for people
 * @param url as the driver understands it
 * @param size connections at most
 * @param patience of who waits for one
 */
public record PoolSettings(String name, JdbcUrl url, String user, String password, int size, Duration patience) {

    /** Whether a running pool can go over to these settings. */
    boolean differOnlyInSize(PoolSettings other) {
        return equals(new PoolSettings(other.name, other.url, other.user, other.password, size, other.patience));
    }

    @Override
    public String toString() {
        return "jdbc." + name + " (" + url.withoutParameters() + ", user " + user + ")";
    }
}
