package org.staffetta.api.dns;

import java.io.IOException;

/** No answer for now: no server reached, SERVFAIL, a time-out, or an answer that fails validation. Never a reason for a 5yz reply. */
public class DnsException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message one line that names the question and what went wrong
     */
    public DnsException(String message) {
        super(message);
    }
}
