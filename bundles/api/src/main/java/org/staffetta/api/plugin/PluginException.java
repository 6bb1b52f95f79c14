package org.staffetta.api.plugin;

import java.io.IOException;

/**
 * A plug-in did not do what it was asked: it overran its deadline, threw what it may not throw, gave nothing back, is out of order for a while, or is
 * gone. Never a reason for a 5yz reply.
 */
public class PluginException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message one line that names the plug-in and what went wrong
     */
    public PluginException(String message) {
        super(message);
    }

    /** As above, where something else was thrown. */
    public PluginException(String message, Throwable cause) {
        super(message, cause);
    }
}
