package org.staffetta.shell;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** {@code help}: the commands there are. */
final class HelpCommand implements MailCommand {

    private final List<MailCommand> commands;
    private final Supplier<Map<String, String>> others;

    /**
     * @param others what commands of other bundles are for, by their names
     */
    HelpCommand(List<MailCommand> commands, Supplier<Map<String, String>> others) {
        this.commands = commands;
        this.others = others;
    }

    @Override
    public String name() {
        return "help";
    }

    @Override
    public String usage() {
        return "help [COMMAND]";
    }

    @Override
    public String purpose() {
        return "lists the commands, or shows how to call one";
    }

    @Override
    public void run(List<String> words, PrintStream out) {
        Arguments arguments = Arguments.parse(usage(), words, Set.of(), Set.of()).requireWords(0, 1);
        if (arguments.words().isEmpty()) {
            Table table = new Table("COMMAND", "PURPOSE");
            commands.forEach(command -> table.row(command.name(), command.purpose()));
            others.get().forEach(table::row);
            table.row("shell", "reads commands line by line, those of the framework too");
            table.print(out);
            return;
        }
        String name = arguments.words().getFirst();
        out.println("usage: " + commands.stream().filter(c -> c.name().equals(name)).map(MailCommand::usage).findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        Table.clean(name) + ": no help here; call it without arguments")));
    }
}
