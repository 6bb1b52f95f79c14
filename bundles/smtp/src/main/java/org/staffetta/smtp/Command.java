package org.staffetta.smtp;

import java.util.Map;
import org.staffetta.api.mail.Address;

/** What a client asks for. Made by {@link CommandParser}; whether it may ask for that now is not looked at there. */
public sealed interface Command {

    /** The verb in upper case. */
    default String verb() {
        return switch (this) {
            case Hello hello -> hello.extended() ? "EHLO" : "HELO";
            case Help _ -> "HELP";
            case Other other -> other.verb();
            default -> getClass().getSimpleName().toUpperCase(java.util.Locale.ROOT);
        };
    }

    /**
     * HELO or EHLO.
     *
     * @param name what the client says it is called: printable ASCII, not verified
     * @param extended whether it was EHLO
     */
    record Hello(String name, boolean extended) implements Command {}

    /**
     * MAIL.
     *
     * @param sender the reverse-path without its source route, {@link Address#NULL} for {@code <>}
     * @param parameters keys in upper case, checked
     */
    record Mail(Address sender, Map<String, String> parameters) implements Command {}

    /**
     * RCPT.
     *
     * @param recipient the forward-path without its source route: a relay must not follow one (RFC 5321 appendix C)
     * @param parameters keys in upper case, checked
     */
    record Rcpt(Address recipient, Map<String, String> parameters) implements Command {}

    /** DATA. */
    record Data() implements Command {}

    /**
     * BDAT.
     *
     * @param size octets that follow the command
     * @param last whether they are the message's last
     */
    record Bdat(long size, boolean last) implements Command {}

    /** RSET. */
    record Rset() implements Command {}

    /** NOOP. */
    record Noop() implements Command {}

    /** QUIT. */
    record Quit() implements Command {}

    /** HELP. */
    record Help() implements Command {}

    /** VRFY. */
    record Vrfy() implements Command {}

    /** EXPN. */
    record Expn() implements Command {}

    /** STARTTLS. */
    record StartTls() implements Command {}

    /**
     * AUTH.
     *
     * @param mechanism in upper case
     * @param initial the initial response as sent, {@code =} for one of no octets; empty if there is none. Secret
     */
    record Auth(String mechanism, String initial) implements Command {

        /** Without the secret. */
        @Override
        public String toString() {
            return "Auth[" + mechanism + "]";
        }
    }

    /**
     * Something we do not know.
     *
     * @param verb the first word in upper case, cut to 32 characters
     */
    record Other(String verb) implements Command {}
}
