package org.staffetta.shell;

import java.io.PrintStream;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;

/** {@code stop}: stops the server as SIGTERM does. */
final class StopCommand implements MailCommand {

    private final BundleContext context;

    StopCommand(BundleContext context) {
        this.context = context;
    }

    @Override
    public String name() {
        return "stop";
    }

    @Override
    public String usage() {
        return "stop";
    }

    @Override
    public String purpose() {
        return "stops the server";
    }

    @Override
    public void run(List<String> words, PrintStream out) throws BundleException {
        if (!words.isEmpty()) {
            throw new IllegalArgumentException("usage: " + usage() + " (felix:stop stops a bundle)");
        }
        out.println("The server is stopping.");
        Bundle framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        // returns at once; the framework stops on a thread of its own (OSGi Core 10.2.1.3)
        framework.stop();
    }
}
