package org.staffetta.listener;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.staffetta.api.auth.Authenticator;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.plugin.Lease;
import org.staffetta.smtp.Command;

/** The AUTH commands of one session: whether they may come, and how many may fail (RFC 4954). */
final class Logins {

    /** To a client that must log in and has not (RFC 4954 section 6). */
    static final Reply FIRST = new Reply(530, "5.7.0", "you must log in first");

    private static final Reply TOO_MANY = new Reply(421, "4.7.0", "too many failed logins, come back later");

    private final Connection connection;
    private final Reporter reporter;
    private String account = "";
    private int failed;

    Logins(Connection connection, Reporter reporter) {
        this.connection = connection;
        this.reporter = reporter;
    }

    /** The account that was proved last; empty if none was. */
    String account() {
        return account;
    }

    /** Whether AUTH would be listened to now. */
    boolean isOffered(SessionSnapshot session, Settings settings) {
        return isSafe(session, settings) && settings.auth() != Settings.Auth.OFF
                && !reporter.parts().mechanisms().isEmpty();
    }

    /** The mechanisms for the client to choose from: those with channel binding where there is a channel to bind to (RFC 5802 section 6). */
    SortedSet<String> mechanisms(SessionSnapshot session) {
        SortedSet<String> mechanisms = new TreeSet<>(reporter.parts().mechanisms());
        mechanisms.removeIf(one -> one.endsWith("-PLUS") && session.tls().isEmpty());
        return mechanisms;
    }

    /** Whether the client must log in before it goes on. */
    boolean isMissing(SessionSnapshot session, Settings settings) {
        return settings.auth() == Settings.Auth.REQUIRED && session.account().isEmpty();
    }

    /** Leads the dialogue and answers. */
    Answer auth(Command.Auth auth, SessionSnapshot session, Settings settings) throws IOException, RefusedException {
        if (settings.auth() == Settings.Auth.OFF) {
            return Answer.of(502, "5.5.1", "AUTH is not available");
        }
        if (!isSafe(session, settings)) {
            // RFC 4954 section 6
            return Answer.of(538, "5.7.11", "AUTH needs an encrypted connection");
        }
        Object client = Admission.network(session.client().getAddress());
        Doorkeeper.Visit visit = reporter.parts().doorkeeper().visit(client, settings.limits());
        Optional<Answer> refusal = visit.refusal();
        if (refusal.isPresent()) {
            reporter.parts().logins().of(session.listener()).locked();
            return refusal.get();
        }
        List<Lease<Authenticator>> leases = reporter.parts().authenticators(auth.mechanism(), settings.patience());
        if (leases.isEmpty()) {
            return Answer.of(504, "5.5.4", "there is no such mechanism");
        }
        Authentication authentication = new Authentication(connection, session, settings, reporter, visit, auth);
        Answer answer;
        try (visit) {
            answer = authentication.lead(leases.stream().map(Lease::service).toList());
        } finally {
            leases.forEach(Lease::close);
        }
        account = authentication.account();
        return answer.reply().isPositive() ? answer : failed(authentication, settings, answer);
    }

    // whether there is such a name, and how near the password was, takes the same time to be told
    private Answer failed(Authentication authentication, Settings settings, Answer answer) throws IOException {
        if (authentication.isDenied()) {
            SmtpSession.pause(settings.times().errorDelay());
        }
        return ++failed >= settings.limits().authFailures() ? Answer.of(TOO_MANY) : answer;
    }

    private static boolean isSafe(SessionSnapshot session, Settings settings) {
        return session.encrypted() || settings.auth() == Settings.Auth.ALWAYS;
    }
}
