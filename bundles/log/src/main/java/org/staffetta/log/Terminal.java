package org.staffetta.log;

import java.io.PrintStream;

/** Lines for whoever watches the server run. */
record Terminal(PrintStream out) implements LineSink {

    @Override
    public boolean add(String line) {
        out.println(line);
        return !out.checkError();
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void close() {
        flush(); // it is not ours to close
    }
}
