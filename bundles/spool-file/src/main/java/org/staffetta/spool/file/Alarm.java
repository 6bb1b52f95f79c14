package org.staffetta.spool.file;

/** Tells an operator, in one line, that something is wrong with the spool. Does not wait and does not throw. */
@FunctionalInterface
interface Alarm {
    void raise(String what);
}
