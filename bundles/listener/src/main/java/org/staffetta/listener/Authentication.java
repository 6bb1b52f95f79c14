package org.staffetta.listener;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.auth.Authenticator;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.event.MailEvent.Kind;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.session.Session;
import org.staffetta.smtp.Command;
import org.staffetta.smtp.Line;

/** One AUTH command (RFC 4954 section 4). What the client says here gets neither into a log nor into an exception. */
final class Authentication implements Dialogue {

    private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);
    private static final Reply NOT_NOW = new Reply(454, "4.7.0", "that cannot be checked now, come back later");
    private static final int DIGEST = 16;
    // RFC 4954 section 4.2
    static final int MAX_LINE = 12_288;

    private final Connection connection;
    private final SessionSnapshot session;
    private final Settings settings;
    private final Reporter reporter;
    private final Doorkeeper.Visit visit;
    private final Command.Auth command;
    private Optional<Answer> ended = Optional.empty();
    private Optional<IOException> broken = Optional.empty();
    private boolean denied;
    private String account = "";

    Authentication(Connection connection, SessionSnapshot session, Settings settings, Reporter reporter,
            Doorkeeper.Visit visit, Command.Auth command) {
        this.connection = connection;
        this.session = session;
        this.settings = settings;
        this.reporter = reporter;
        this.visit = visit;
        this.command = command;
    }

    /** The account that was proved; empty if none was. */
    String account() {
        return account;
    }

    /**
     * Leads the dialogue to its end. Where it ended on this side nobody has proved anything; but who goes when he hears that he is denied has
     * failed all the same.
     *
     * @param authenticators at least one; the others are asked whether they know the client where the ones before do not
     */
    Answer lead(List<Authenticator> authenticators) throws IOException {
        Answer answer = askAll(authenticators);
        boolean over = ended.isPresent() || broken.isPresent();
        account = over ? "" : account;
        count(over);
        if (denied || !over) {
            reporter.report(Kind.AUTHENTICATED, "", "status", account.isEmpty() ? "failed" : "ok", "account", account,
                    "mechanism", command.mechanism(), "client", session.clientAddress(), "reply",
                    answer.reply().toString());
        }
        if (broken.isPresent()) {
            throw broken.get();
        }
        return ended.orElse(answer);
    }

    /** Whether the client was found not to be who it says it is. */
    boolean isDenied() {
        return denied;
    }

    @Override
    public void claims(String claimed) throws IOException {
        goOnUnless(visit.claim(digest(claimed)));
    }

    @Override
    public String mechanism() {
        return command.mechanism();
    }

    @Override
    public Session session() {
        return session;
    }

    @Override
    public byte[] first() throws IOException {
        return first(new byte[0]);
    }

    @Override
    public byte[] first(byte[] challenge) throws IOException {
        if (command.initial().isEmpty()) {
            return ask(challenge);
        }
        return command.initial().equals("=") ? new byte[0] : decode(command.initial());
    }

    @Override
    public byte[] ask(byte[] challenge) throws IOException {
        visit.stepOut();
        byte[] said = said(challenge);
        goOnUnless(visit.stepIn());
        return said;
    }

    private byte[] said(byte[] challenge) throws IOException {
        return switch (exchange(challenge)) {
            case Line.Text(String text) when text.equals("*") -> throw end(Answer.of(501, "5.7.0", "cancelled"));
            case Line.Text(String text) -> decode(text);
            case Line.TooLong() -> throw end(Answer.of(500, "5.5.6", "the response is too long"));
            case Line.Malformed() -> throw end(Answer.of(501, "5.5.2", "the response is not base64"));
            case Line.Broken(var fault) -> throw end(
                    Answer.last(new Reply(500, "5.5.2", "there is " + fault.description() + " in the response")));
            case Line.End() -> throw gone(new EOFException("the client went away while it authenticated"));
        };
    }

    private void count(boolean over) {
        LoginCount counts = reporter.parts().logins().of(session.listener());
        if (denied) {
            counts.note(command.mechanism(), LoginCount.Outcome.DENIED);
            visit.failed();
        } else if (!account.isEmpty()) {
            counts.note(command.mechanism(), LoginCount.Outcome.OK);
            visit.succeeded();
        } else {
            counts.note(command.mechanism(), over ? LoginCount.Outcome.ENDED : LoginCount.Outcome.UNKNOWN);
        }
    }

    // people type passwords in the place of names, and strangers send very long ones: neither is kept
    private static String digest(String claimed) {
        try {
            byte[] octets = claimed.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets), 0, DIGEST);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    // each has people of its own. What one cannot tell is not told, but a denial of any counts: it may have been a guess at one of its people
    private Answer askAll(List<Authenticator> authenticators) {
        Repetition dialogue = new Repetition(this);
        Answer answer = ask(authenticators.getFirst(), dialogue);
        denied = answer.reply().isPermanent();
        for (Authenticator next : authenticators.subList(1, authenticators.size())) {
            boolean over = !account.isEmpty() || ended.isPresent() || broken.isPresent();
            if (over || !Repetition.MECHANISMS.contains(command.mechanism())) {
                break;
            }
            dialogue.again();
            Answer other = ask(next, dialogue);
            denied |= other.reply().isPermanent();
            answer = !account.isEmpty() || answer.reply().isPermanent() ? other : answer;
        }
        denied &= account.isEmpty();
        dialogue.forget();
        return answer;
    }

    private Answer ask(Authenticator authenticator, Dialogue dialogue) {
        try {
            return switch (authenticator.authenticate(dialogue)) {
                case Decision.Granted granted -> {
                    account = granted.account();
                    yield Answer.of(235, "2.7.0", "welcome");
                }
                case Decision.Denied no -> Answer.of(no.reply());
                case null -> throw new IllegalStateException("it returned null");
            };
        } catch (IOException unknown) {
            LOG.info("{} cannot be checked in session {}: {}", command.mechanism(), session.id(), unknown.toString());
        } catch (RuntimeException | Error failure) {
            LOG.error("the authenticator for {} failed in session {}", command.mechanism(), session.id(), failure);
            reporter.alarm("the authenticator for " + command.mechanism() + " failed: " + failure.getClass().getName());
        }
        return Answer.of(NOT_NOW);
    }

    private Line exchange(byte[] challenge) throws IOException {
        if (ended.isPresent() || broken.isPresent()) {
            throw new IOException("the dialogue is over");
        }
        try {
            connection.say(new Reply(334, "", Base64.getEncoder().encodeToString(challenge)));
            connection.expectLine(settings.times().command());
            return connection.wire().line(MAX_LINE);
        } catch (IOException failure) {
            throw gone(failure);
        }
    }

    private byte[] decode(String text) throws IOException {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            throw end(Answer.of(501, "5.5.2", "the response is not base64"));
        }
    }

    private void goOnUnless(Optional<Answer> refusal) throws IOException {
        if (refusal.isPresent()) {
            throw end(refusal.get());
        }
    }

    private IOException end(Answer answer) {
        ended = Optional.of(answer);
        return new IOException("the client ended the dialogue");
    }

    private IOException gone(IOException failure) {
        broken = Optional.of(failure);
        return failure;
    }
}
