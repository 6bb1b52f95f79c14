package org.staffetta.acme;

/** Answers one challenge, from when it is made until it is closed. */
sealed interface Responder extends AutoCloseable permits HttpResponder, TlsResponder {

    /** What it did meanwhile, for the operator whose challenge has failed: {@code nobody came to 0.0.0.0:80 meanwhile}. */
    String report();

    @Override
    void close();
}
