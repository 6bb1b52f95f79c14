package org.staffetta.log;

import java.util.Optional;
import org.staffetta.api.event.MailEvent;

/** Reads lines of the mail log back, whatever their format. */
final class LineReader {

    private LineReader() {}

    /** The event that a line tells of; empty if it tells of none. */
    static Optional<MailEvent> read(String line) {
        try {
            return line.startsWith("{") ? new JsonLine(line).event() : TextLine.event(line);
        } catch (IllegalArgumentException | IndexOutOfBoundsException notOurs) {
            // half a line at the end of a crash, or somebody else's
            return Optional.empty();
        }
    }
}
