package org.staffetta.shell;

import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/**
 * Commands as Gogo knows them. They are registered as functions and not found by the names of methods: only so can one be called
 * {@code queue:show}.
 */
final class GogoCommands implements AutoCloseable {

    private static final String SCOPE = "mail";
    private static final String PURPOSE = "staffetta.command.purpose";

    private final BundleContext context;
    private final List<ServiceRegistration<Function>> registrations = new ArrayList<>();

    /** Registers the commands in scope {@code mail}, and a {@code help} for them. */
    GogoCommands(BundleContext context, List<MailCommand> commands) {
        this.context = context;
        commands.forEach(this::register);
        register(new HelpCommand(commands, this::others));
    }

    @Override
    public void close() {
        registrations.forEach(ServiceRegistration::unregister);
    }

    // bundles that bring a command of their own say what it is for
    private Map<String, String> others() {
        Map<String, String> purposes = new TreeMap<>();
        try {
            ServiceReference<?>[] found = context.getAllServiceReferences(null,
                    "(&(" + CommandProcessor.COMMAND_SCOPE + "=" + SCOPE + ")(" + PURPOSE + "=*))");
            for (ServiceReference<?> one : found == null ? new ServiceReference<?>[0] : found) {
                purposes.put(String.valueOf(one.getProperty(CommandProcessor.COMMAND_FUNCTION)),
                        String.valueOf(one.getProperty(PURPOSE)));
            }
            return purposes;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("a constant filter is right", e);
        }
    }

    // mail:queue show, mail:queue:show and queue:show are the same
    private void register(MailCommand command) {
        register(SCOPE, command.name(), command, List.of());
        for (String verb : command.verbs()) {
            register(SCOPE, command.name() + ":" + verb, command, List.of(verb));
            register(command.name(), verb, command, List.of(verb));
        }
    }

    private void register(String scope, String name, MailCommand command, List<String> before) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(CommandProcessor.COMMAND_SCOPE, scope);
        properties.put(CommandProcessor.COMMAND_FUNCTION, name);
        Function function = (session, arguments) -> {
            List<String> words = new ArrayList<>(before);
            arguments.forEach(argument -> words.add(String.valueOf(argument)));
            // Gogo gives each pipe its own standard output
            if (words.contains("--help")) {
                System.out.println("usage: " + command.usage());
            } else {
                command.run(words, System.out);
            }
            return null;
        };
        registrations.add(context.registerService(Function.class, function, properties));
    }
}
