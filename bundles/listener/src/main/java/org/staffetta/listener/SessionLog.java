package org.staffetta.listener;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.staffetta.api.event.MailEvent.Kind;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.tls.TlsException;
import org.staffetta.smtp.Command;

/** Tells the operator how a session goes: that it began, what was refused in it and whom that was about, and how it ended. */
final class SessionLog {

    private static final int LONGEST_VERB = 8;

    private final Reporter reporter;
    private final long began = System.nanoTime();
    private String stage = "CONNECT";
    private String from = "";
    private String to = "";
    private String transaction = "";

    SessionLog(Reporter reporter) {
        this.reporter = reporter;
    }

    void connected(SessionSnapshot session) {
        reporter.report(Kind.CONNECTED, "", "client", session.clientAddress(), "listener", session.listener());
    }

    /** The connection is encrypted now. */
    void secured(SessionSnapshot session) {
        session.tls().ifPresent(tls -> reporter.report(Kind.SECURED, "", "client", session.clientAddress(), "protocol",
                tls.protocol(), "cipher", tls.cipher(), "group", tls.group().orElse(""), "sni",
                tls.serverName().orElse("")));
    }

    /** It should have been. */
    void unsecured(SessionSnapshot session, TlsException failed) {
        reporter.report(Kind.SECURED, "", "client", session.clientAddress(), "status", "failed", "reason",
                String.valueOf(failed.getMessage()));
    }

    /** A command is coming in, of which nothing is known yet. */
    void awaiting() {
        stage = "COMMAND";
        transaction = "";
    }

    /** The line is no command, though it may begin like one. */
    void about(String line) {
        stage = line.substring(0, Math.min(line.length(), LONGEST_VERB)).split(" ", 2)[0].toUpperCase(Locale.ROOT);
    }

    /** A command is to be handled, in this transaction. */
    void about(Command command, Optional<Transaction> open) {
        stage = command.verb();
        transaction = open.map(Transaction::id).orElse("");
        Optional<Envelope> envelope = open.map(Transaction::envelope);
        from = envelope.map(one -> "<" + one.sender() + ">").orElse("");
        to = envelope.filter(one -> !one.recipients().isEmpty())
                .map(one -> "<" + one.recipients().getFirst().address() + ">").orElse("");
        switch (command) {
            case Command.Mail mail -> from = "<" + mail.sender() + ">";
            case Command.Rcpt rcpt -> to = "<" + rcpt.recipient() + ">";
            default -> {}
        }
    }

    /** Whether what was last looked at was content, which a client may still be sending. */
    boolean isAboutContent() {
        return stage.equals("DATA") || stage.equals("BDAT");
    }

    void refused(Answer answer, SessionSnapshot session) {
        reporter.report(Kind.REFUSED, "", "stage", stage, "reply", answer.reply().toString(), "from", from, "to", to,
                "client", session.clientAddress(), "helo", session.helo(), "filter", answer.filter(), "transaction",
                transaction);
    }

    void ended(String how, SessionSnapshot session, Tally tally, Connection connection) {
        reporter.report(Kind.DISCONNECTED, "", "client", session.clientAddress(), "commands",
                Integer.toString(tally.commands()), "messages", Integer.toString(tally.messages()), "errors",
                Integer.toString(tally.allErrors()), "in", Long.toString(connection.received()), "out",
                Long.toString(connection.sent()), "seconds",
                Long.toString(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)), "end", how);
    }
}
