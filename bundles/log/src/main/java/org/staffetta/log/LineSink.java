package org.staffetta.log;

/** Takes lines. Used by one thread. */
interface LineSink extends AutoCloseable {

    /** Never throws: who writes a log has nobody to tell. Returns whether the line was taken. */
    boolean add(String line);

    /** Everything added so far can be read then. */
    void flush();

    @Override
    void close();
}
