package org.staffetta.itests;

import java.io.IOException;
import java.util.List;

/** A mail server whose costs are measured. It passes mail for {@code judged.test} on to a sink, and discards that for {@code drain.test}. */
interface CostSide extends AutoCloseable {

    /** What is done about a message: each has a listener of its own. */
    enum Work {
        NOTHING("none"), VERIFY("spf, dkim, dmarc"), SIGN("dkim-sign"), ALL("spf, dkim, dmarc, dkim-sign");

        private final String filters;

        Work(String filters) {
            this.filters = filters;
        }

        String filters() {
            return filters;
        }
    }

    String name();

    int port(Work work);

    /** What a client says at first. */
    List<String> opening();

    /** The octets that were allocated so far; 0 if nobody can tell. */
    long allocated();

    /** The time of the processors that all its processes have taken so far, in nanoseconds. */
    long cpu() throws IOException;

    /** Returns when what was taken since this was last asked is gone: so many messages. */
    void awaitGone(int messages) throws IOException;

    /** What it has logged: for those who find that something is wrong. */
    String log() throws IOException;

    @Override
    void close() throws IOException;
}
