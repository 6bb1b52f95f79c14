package org.staffetta.log;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.event.MailEvent;

/** Writes events as lines to a target, which may be changed while it runs. */
final class LogWriter implements Lane.Sink, AutoCloseable {

    /** A place for lines, and what they look like there. */
    record Target(LineFormat format, LineSink sink) {}

    private final AtomicReference<@Nullable Target> next = new AtomicReference<>();
    private Target target;
    private long unwritten;

    LogWriter(Target target) {
        this.target = target;
    }

    /** From the next event on. */
    void change(Target replacement) {
        next.set(replacement);
    }

    @Override
    public void take(MailEvent event) {
        Target replacement = next.getAndSet(null);
        if (replacement != null) {
            target.sink().close();
            target = replacement;
        }
        boolean written = target.sink().add(target.format().line(event));
        if (!written) {
            unwritten++;
        } else if (unwritten > 0) {
            // a full disk has room again
            target.sink().add(target.format().lost(unwritten));
            unwritten = 0;
        }
    }

    @Override
    public void lost(long count) {
        target.sink().add(target.format().lost(count));
    }

    @Override
    public void idle() {
        target.sink().flush();
    }

    /** After the lane has ended. */
    @Override
    public void close() {
        target.sink().close();
    }
}
