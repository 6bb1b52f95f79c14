package org.staffetta.listener;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.session.Session;
import org.staffetta.api.session.Sessions;
import org.staffetta.api.tls.TlsException;
import org.staffetta.smtp.Command;
import org.staffetta.smtp.CommandException;
import org.staffetta.smtp.CommandParser;
import org.staffetta.smtp.Fault;
import org.staffetta.smtp.Line;

/** One connection from its greeting to its end, carried by one thread. */
final class SmtpSession implements Runnable, Sessions.Active {

    private static final Logger LOG = LoggerFactory.getLogger(SmtpSession.class);
    private static final Reply SHUTDOWN = new Reply(421, "4.3.2", "the server is going down, come back later");
    private static final int MAX_LONG_LINES = 3;
    private static final long COMMANDS_UNHEARD = 256 * 1024;

    private final Connection connection;
    private final CommandHandler handler;
    private final Deadline deadline = new Deadline();
    private final Reporter reporter;
    private final Tally tally = new Tally();
    private final SessionLog log;
    private final Instant since;
    private final Idleness idleness;
    private volatile String verb = "";
    private boolean dataRefused;
    private String end = "quit";

    SmtpSession(Socket socket, SessionSnapshot client, Supplier<Settings> settings, Reporter reporter)
            throws IOException {
        this.connection = new Connection(socket);
        this.reporter = reporter;
        this.log = new SessionLog(reporter);
        this.handler = new CommandHandler(connection, client, settings, deadline, reporter);
        this.since = reporter.clock().instant();
        this.idleness = new Idleness(connection, SHUTDOWN);
    }

    @Override
    public void run() {
        log.connected(handler.session());
        try {
            serve();
        } catch (TlsException failed) {
            end = "tls";
            log.unsecured(handler.session(), failed);
            connection.close();
        } catch (SocketTimeoutException tooSlow) {
            end = "timeout";
            sayLast(new Reply(421, "4.4.2", "too slow, come back later"));
        } catch (IOException gone) {
            end = "lost";
        } catch (RuntimeException | Error bug) {
            end = "failure";
            LOG.error("session {} failed", handler.session().id(), bug);
            reporter.alarm("a session failed: " + bug);
            sayLast(new Reply(421, "4.3.0", "the server is in trouble, come back later"));
        } finally {
            handler.reset();
            connection.hangUp(patience());
            log.ended(end, handler.session(), tally, connection);
        }
    }

    @Override
    public Session session() {
        return handler.session();
    }

    @Override
    public Instant since() {
        return since;
    }

    @Override
    public String command() {
        return verb;
    }

    @Override
    public int messages() {
        return tally.messages();
    }

    /** Asks the session to end: at once if it waits for a command outside of a transaction, otherwise after that. Any thread. */
    void dismiss() {
        idleness.dismiss();
    }

    /** Ends the session without a word. Any thread. */
    void cut() {
        connection.close();
    }

    /** Ends what takes too long and has no other bound. Called by the watchdog. */
    void watch(long now) {
        deadline.check(now);
        if (connection.stuck(now, handler.settings().times().command().toNanos())) {
            cut();
        }
    }

    private void serve() throws IOException {
        if (handler.settings().encryption().when() == Settings.Encrypted.IMPLICIT) {
            encrypt();
        }
        boolean goesOn = greet();
        while (goesOn) {
            if (handler.awaitsHandshake()) {
                // what was answered must be out: the next octets are TLS's
                connection.flush();
                encrypt();
            }
            connection.expectLine(handler.settings().times().command());
            int first = idleness.await(!handler.inTransaction());
            if (first < 0) {
                end = idleness.dismissed() ? "shutdown" : "lost";
                return;
            }
            goesOn = answer(isPlausible(first) ? next() : notSmtp());
        }
    }

    private void encrypt() throws TlsException {
        handler.encrypt();
        log.secured(handler.session());
    }

    private boolean greet() throws IOException {
        Answer answer = handler.connect();
        if (!answer.last() && connection.wire().pending()) {
            // a client that does not wait for the greeting does not heed answers either (RFC 5321 section 3.1)
            answer = Answer.last(new Reply(554, "5.5.1", "you must wait for the greeting"));
        }
        return answer(answer);
    }

    // a letter begins a command; a CR an empty line, which is an error like others. TLS, RDP and whatever else begin otherwise
    private static boolean isPlausible(int first) {
        return first >= 'A' && first <= 'Z' || first >= 'a' && first <= 'z' || first == '\r' || first == '\n'
                || first == 0;
    }

    private Answer notSmtp() {
        log.awaiting();
        return Answer.of(421, "4.7.0", "this is not SMTP");
    }

    private Answer next() throws IOException {
        log.awaiting();
        int limit = handler.settings().limits().line();
        // an initial response may make AUTH longer than other commands (RFC 4954 section 4)
        boolean mayBeAuth = handler.authOffered();
        return switch (connection.wire().line(mayBeAuth ? Math.max(limit, Authentication.MAX_LINE) : limit)) {
            case Line.Text(String text) when text.length() + 2 > limit && !text.regionMatches(true, 0, "AUTH ", 0, 5) ->
                tooLong(limit);
            case Line.Text(String text) -> command(text);
            case Line.TooLong() -> tooLong(limit);
            case Line.Malformed() -> Answer.of(500, "5.5.2", "a command is ASCII, or UTF-8 where it may be");
            case Line.Broken(Fault fault) -> Answer.last(
                    new Reply(500, "5.5.2",
                            "there is " + fault.description() + " in the command; a line ends in CR LF"));
            case Line.End() -> throw new IOException("the client went away in the middle of a command");
        };
    }

    private Answer tooLong(int limit) {
        return tally.longLine() < MAX_LONG_LINES
                ? Answer.of(500, "5.5.2", "a command may have " + limit + " octets")
                : Answer.of(421, "4.7.0", "too many lines that are too long");
    }

    private Answer command(String text) throws IOException {
        tally.command();
        Command command;
        try {
            command = new CommandParser(handler.settings().hostname()).parse(text);
        } catch (CommandException misunderstood) {
            log.about(text);
            return dataRefused ? notACommand() : Answer.of(misunderstood.reply());
        }
        if (dataRefused && command instanceof Command.Other) {
            return notACommand();
        }
        verb = command.verb();
        log.about(command, handler.transaction());
        Answer answer = handler.handle(command);
        tally.note(command, answer.reply(), handler.settings().limits().idleCommands());
        boolean content = command instanceof Command.Data || command instanceof Command.Bdat;
        dataRefused = content && !answer.reply().isPositive();
        return answer;
    }

    // A client that sends its message although DATA was refused would have it executed line by line (RFC 2920 section 3.1)
    private static Answer notACommand() {
        return Answer.last(new Reply(421, "4.7.0", "that is no command but looks like a message that was refused"));
    }

    /** Says it, sooner or later; false if that was the last word. */
    private boolean answer(Answer answer) throws IOException {
        Answer last = answer;
        if (!answer.reply().isPositive()) {
            last = refused(answer);
        } else if (tally.errors() > handler.settings().limits().errors()) {
            last = Answer.of(421, "4.7.0", "too many commands without a message");
        }
        connection.say(last.reply());
        if (last.last() && !last.reply().isPositive()) {
            end = last.reply().toString();
        }
        return !last.last();
    }

    private Answer refused(Answer answer) throws IOException {
        Settings.Limits limits = handler.settings().limits();
        log.refused(answer, handler.session());
        int errors = tally.error();
        if (errors > limits.slowErrors() && !answer.last()) {
            connection.flush();
            pause(handler.settings().times().errorDelay());
        }
        return errors < limits.errors() || answer.last() ? answer : Answer.of(421, "4.7.0", "too many errors");
    }

    /** Makes the client wait. */
    static void pause(Duration time) throws IOException {
        try {
            Thread.sleep(time);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopped);
        }
    }

    // a client listens when it has said what it has to say: a message that is under way, or a few commands
    private long patience() {
        return log.isAboutContent()
                ? 2 * handler.settings().limits().messageSize()
                : COMMANDS_UNHEARD;
    }

    private void sayLast(Reply reply) {
        try {
            connection.say(reply);
        } catch (IOException gone) {
            LOG.debug("session {} could not be told {}", handler.session().id(), reply);
        }
    }
}
