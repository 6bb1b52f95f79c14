package org.staffetta.relay;

import org.staffetta.smtp.client.SmtpConnection;

/** A server that we have said hello to, and how often its connection was used. */
final class Peer {

    private final Target target;
    private final SmtpConnection connection;
    private int transactions;

    Peer(Target target, SmtpConnection connection) {
        this.target = target;
        this.connection = connection;
    }

    Target target() {
        return target;
    }

    SmtpConnection connection() {
        return connection;
    }

    /** Whether it has carried a transaction, so that the next begins with RSET. */
    boolean isUsed() {
        return transactions > 0;
    }

    void use() {
        transactions++;
    }

    /** Whether the server lets another transaction follow (MAILMAX of RFC 9422). */
    boolean allowsAnother() {
        return transactions < connection.capabilities().maxTransactions().orElse(Integer.MAX_VALUE);
    }

    boolean allowsAnother(int maxTransactions) {
        return transactions < maxTransactions && allowsAnother() && connection.isReusable();
    }

    /** Says good-bye; nobody waits for the answer. */
    void dismiss() {
        Thread.ofVirtual().name("relay-quit").start(connection::quit);
    }
}
