package org.staffetta.smtp;

import java.util.Set;
import org.staffetta.api.mail.Address;

/** Reads commands (RFC 5321 section 4.1). Immutable. */
public final class CommandParser {

    // other protocols whose clients were led here, e.g. by a web page that posts a form to this port
    private static final Set<String> FOREIGN_VERBS = Set.of("GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT",
            "OPTIONS", "TRACE", "PATCH", "PRI");
    private static final int MAX_NAME = 255;
    private static final int MAX_VERB = 32;

    private final String hostname;

    /**
     * Makes a parser.
     *
     * @param hostname what {@code <Postmaster>} without a domain belongs to (RFC 5321 section 4.5.1)
     */
    public CommandParser(String hostname) {
        this.hostname = hostname;
    }

    /**
     * Reads one command.
     *
     * @param line without CRLF
     * @throws CommandException if the syntax is not kept
     */
    public Command parse(String line) throws CommandException {
        int space = line.indexOf(' ');
        String verb = Ascii.upper((space < 0 ? line : line.substring(0, space)).strip());
        // white space at the end is to be tolerated (RFC 5321 section 4.1.1)
        String argument = space < 0 ? "" : line.substring(space + 1).stripTrailing();
        return switch (verb) {
            case "HELO" -> new Command.Hello(name(argument), false);
            case "EHLO" -> new Command.Hello(name(argument), true);
            case "MAIL" -> mail(argument);
            case "RCPT" -> rcpt(argument);
            case "DATA" -> plain(new Command.Data(), argument);
            case "BDAT" -> bdat(argument);
            case "RSET" -> plain(new Command.Rset(), argument);
            case "NOOP" -> new Command.Noop();
            case "QUIT" -> plain(new Command.Quit(), argument);
            case "HELP" -> new Command.Help();
            case "VRFY" -> new Command.Vrfy();
            case "EXPN" -> new Command.Expn();
            case "STARTTLS" -> plain(new Command.StartTls(), argument);
            case "AUTH" -> auth(argument);
            default -> other(verb);
        };
    }

    private static Command plain(Command command, String argument) throws CommandException {
        if (!argument.isEmpty()) {
            throw new CommandException(501, "5.5.4", command.verb() + " takes no argument");
        }
        return command;
    }

    private static Command other(String verb) throws CommandException {
        if (FOREIGN_VERBS.contains(verb)) {
            throw new CommandException(421, "4.7.0", "this is a mail server");
        }
        return new Command.Other(verb.substring(0, Math.min(verb.length(), MAX_VERB)));
    }

    // Many clients do not know their name, so anything that cannot do harm in a Received field or a log is taken.
    private static String name(String argument) throws CommandException {
        String name = argument.strip();
        boolean good = !name.isEmpty() && name.length() <= MAX_NAME && name.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (!good) {
            throw new CommandException(501, "5.5.4", "your host name or address literal must follow, in ASCII");
        }
        return name;
    }

    private Command mail(String argument) throws CommandException {
        PathReader path = new PathReader(afterKeyword(argument, "FROM:"), "5.1.7");
        Address sender = path.read(true, hostname);
        return new Command.Mail(sender, Parameters.ofMail(path.rest()));
    }

    private Command rcpt(String argument) throws CommandException {
        PathReader path = new PathReader(afterKeyword(argument, "TO:"), "5.1.3");
        Address recipient = path.read(false, hostname);
        return new Command.Rcpt(recipient, Parameters.ofRcpt(path.rest()));
    }

    // a space behind the colon is wrong, yet what people type
    private static String afterKeyword(String argument, String keyword) throws CommandException {
        String start = argument.stripLeading();
        if (!start.regionMatches(true, 0, keyword, 0, keyword.length())) {
            throw new CommandException(501, "5.5.4", keyword + "<address> must follow");
        }
        return start.substring(keyword.length()).stripLeading();
    }

    // What is wrong here leaves no way to know where the next command begins, so the connection ends (RFC 3030 section 2).
    private static Command bdat(String argument) throws CommandException {
        int space = argument.indexOf(' ');
        String size = space < 0 ? argument : argument.substring(0, space);
        String end = space < 0 ? "" : argument.substring(space + 1).strip();
        boolean last = Ascii.upper(end).equals("LAST");
        boolean good = size.length() <= 18 && Ascii.isNumber(size) && (last || end.isEmpty());
        if (!good) {
            throw new CommandException(521, "5.5.4", "BDAT takes a number of octets and, at the end, LAST");
        }
        return new Command.Bdat(Long.parseLong(size), last);
    }

    // RFC 4954 section 4; the name of a mechanism is 1 to 20 of these characters (RFC 4422 section 3.1)
    private static Command auth(String argument) throws CommandException {
        int space = argument.indexOf(' ');
        String mechanism = Ascii.upper(space < 0 ? argument : argument.substring(0, space));
        String initial = space < 0 ? "" : argument.substring(space + 1).strip();
        boolean good = !mechanism.isEmpty() && mechanism.length() <= 20
                && mechanism.chars()
                        .allMatch(c -> c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_');
        if (!good || initial.indexOf(' ') >= 0) {
            throw new CommandException(501, "5.5.4", "AUTH takes a mechanism and perhaps an initial response");
        }
        return new Command.Auth(mechanism, initial);
    }
}
