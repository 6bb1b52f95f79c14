package org.staffetta.log;

import org.staffetta.api.event.MailEvent;

/** How an event looks as a line, without the line's end. */
interface LineFormat {

    String line(MailEvent event);

    /** What stands where lines are missing. */
    String lost(long count);
}
