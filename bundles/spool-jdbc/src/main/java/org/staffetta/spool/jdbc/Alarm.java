package org.staffetta.spool.jdbc;

/** Where the spool says that an operator should look. */
@FunctionalInterface
interface Alarm {

    /** Tells it in one line. */
    void raise(String what);
}
