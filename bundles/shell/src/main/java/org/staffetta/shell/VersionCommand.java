package org.staffetta.shell;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** {@code version}: what runs here. */
final class VersionCommand implements MailCommand {

    private final BundleContext context;

    VersionCommand(BundleContext context) {
        this.context = context;
    }

    @Override
    public String name() {
        return "version";
    }

    @Override
    public String usage() {
        return "version [--json]";
    }

    @Override
    public String purpose() {
        return "shows the versions of the server, the framework and Java";
    }

    @Override
    public void run(List<String> words, PrintStream out) {
        boolean json = Arguments.parse(usage(), words, Set.of("--json"), Set.of()).requireWords(0, 0).has("--json");
        Map<String, Object> versions = EntryView.ordered("staffetta", context.getBundle().getVersion(), "framework",
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getVersion(), "java", Runtime.version());
        if (json) {
            out.println(Json.of(versions));
        } else {
            versions.forEach((name, version) -> out.println("%-10s %s".formatted(name, version)));
        }
    }
}
