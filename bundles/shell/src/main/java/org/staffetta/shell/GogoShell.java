package org.staffetta.shell;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.threadio.ThreadIO;
import org.jspecify.annotations.Nullable;
import org.staffetta.shell.client.Control;

/**
 * Runs commands in Gogo. The words of a one-shot command reach it as they are: no quote, dollar sign or semicolon in them means anything. The lines
 * of the interactive shell are Gogo's language.
 */
final class GogoShell implements ControlDoor.Shell {

    private static final String PROMPT = "staffetta> ";
    private static final int LONGEST_LINE = 64 * 1024;

    private final CommandProcessor processor;
    private final ThreadIO streams;

    GogoShell(CommandProcessor processor, ThreadIO streams) {
        this.processor = processor;
        this.streams = streams;
    }

    @Override
    public int run(List<String> words, InputStream in, PrintStream out, PrintStream err) {
        if (words.isEmpty()) {
            err.println("usage: staffetta COMMAND [ARGUMENT...]; staffetta help lists the commands");
            return Control.USAGE;
        }
        try (CommandSession session = processor.createSession(in, out, err)) {
            // of commands with the same name ours come first
            session.put("SCOPE", "mail:*");
            if (words.getFirst().equals("shell")) {
                return converse(session, in, out, err);
            }
            return once(session, words, in, out, err);
        }
    }

    private int once(CommandSession session, List<String> words, InputStream in, PrintStream out, PrintStream err) {
        Function function = find(session, words.getFirst());
        if (function == null) {
            err.println("staffetta: " + Table.clean(words.getFirst())
                    + ": there is no such command; staffetta help lists them");
            return Control.USAGE;
        }
        streams.setStreams(in, out, err);
        try {
            show(session, function.execute(session, new ArrayList<>(words.subList(1, words.size()))), out);
            return 0;
        } catch (Exception e) {
            return tell(e, "staffetta: ", err);
        } finally {
            streams.close();
        }
    }

    private static @Nullable Function find(CommandSession session, String name) {
        List<String> names = name.indexOf(':') < 0 ? List.of("*:" + name) : List.of("mail:" + name, name);
        for (String candidate : names) {
            if (session.get(candidate) instanceof Function function) {
                return function;
            }
        }
        return null;
    }

    private static int converse(CommandSession session, InputStream in, PrintStream out, PrintStream err) {
        int status = 0;
        while (true) {
            out.print(PROMPT);
            out.flush();
            String line = line(in);
            if (line == null || line.strip().equals("exit") || line.strip().equals("quit") || out.checkError()) {
                return status;
            }
            if (line.isBlank()) {
                continue;
            }
            try {
                show(session, session.execute(line), out);
                status = 0;
            } catch (Exception e) {
                status = tell(e, "", err);
            }
        }
    }

    private static void show(CommandSession session, @Nullable Object result, PrintStream out) {
        if (result != null) {
            out.println(session.format(result, Converter.INSPECT));
        }
    }

    // One line: what went wrong. Whose message is missing is told by its type.
    private static int tell(Exception e, String prefix, PrintStream err) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        for (String line : message.split("\n", -1)) {
            err.println(prefix + Table.clean(line));
        }
        return e instanceof IllegalArgumentException ? Control.USAGE : Control.PROBLEM;
    }

    private static @Nullable String line(InputStream in) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            int c = in.read();
            if (c < 0) {
                return null;
            }
            while (c >= 0 && c != '\n') {
                if (line.size() < LONGEST_LINE) {
                    line.write(c);
                }
                c = in.read();
            }
            return line.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            return null;
        }
    }
}
