package org.staffetta.acme;

import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Who issues certificates. Used by one thread at a time; an interrupt ends a call. */
interface Authority extends AutoCloseable {

    /**
     * Orders a certificate and proves that its domains are ours.
     *
     * @param keys which it is for
     * @param replaced the one before, if there is one
     * @return the new one first, each issued by the next
     * @throws LimitedException if it is not to be asked for a while
     * @throws IOException if there is none now; the message is one line for the operator, without anything secret
     */
    List<X509Certificate> issue(Order order, KeyPair keys, Optional<X509Certificate> replaced)
            throws IOException, InterruptedException;

    /**
     * When it would like a certificate of its own to be renewed.
     *
     * @return empty if it says nothing of the kind
     * @throws IOException if it cannot be asked now
     */
    Optional<Schedule.Window> renewal(X509Certificate certificate) throws IOException, InterruptedException;

    @Override
    void close();
}
