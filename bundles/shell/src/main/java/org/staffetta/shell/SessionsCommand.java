package org.staffetta.shell;

import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.staffetta.api.session.Session;
import org.staffetta.api.session.Sessions;

/** {@code sessions}: who is connected. */
final class SessionsCommand implements MailCommand {

    private final Supplier<Collection<Sessions>> listeners;
    private final InstantSource clock;

    /** Asks for the listeners anew for each command. */
    SessionsCommand(Supplier<Collection<Sessions>> listeners, InstantSource clock) {
        this.listeners = listeners;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "sessions";
    }

    @Override
    public String usage() {
        return "sessions [--json]";
    }

    @Override
    public String purpose() {
        return "lists the open connections of clients";
    }

    @Override
    public void run(List<String> words, PrintStream out) {
        Arguments arguments = Arguments.parse(usage(), words, Set.of("--json"), Set.of()).requireWords(0, 0);
        Table table = new Table("LISTENER", "SESSION", "CLIENT", "HELO", "SECONDS", "COMMAND", "MESSAGES", "TLS",
                "ACCOUNT");
        for (Sessions listener : listeners.get()) {
            for (Sessions.Active active : listener.active()) {
                if (arguments.has("--json")) {
                    out.println(json(listener, active));
                } else {
                    Session s = active.session();
                    table.row(listener.listener(), s.id(), client(s), s.helo(),
                            Duration.between(active.since(), clock.instant()).toSeconds(), active.command(),
                            active.messages(), s.encrypted() ? "yes" : "no", s.account());
                }
            }
        }
        if (!table.isEmpty()) {
            table.print(out);
        } else if (!arguments.has("--json")) {
            out.println("Nobody is connected.");
        }
    }

    private static String json(Sessions listener, Sessions.Active active) {
        Session s = active.session();
        return Json
                .of(EntryView.ordered("listener", listener.listener(), "session", s.id(), "client", client(s), "helo",
                        s.helo(), "since", active.since().getEpochSecond(), "command", active.command(), "messages",
                        active.messages(), "encrypted", s.encrypted(), "trusted", s.trusted(), "account", s.account()));
    }

    private static String client(Session session) {
        return Endpoint.text(session.client());
    }
}
