package org.staffetta.listener;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.tls.TlsException;
import org.staffetta.smtp.Command;

/** Answers the commands of one session: what state they need, what they change, and what they come to (RFC 5321 section 4.1). */
final class CommandHandler {

    private static final Reply OK = new Reply(250, "2.0.0", "Ok");
    private static final Reply NO_TRANSACTION = new Reply(503, "5.5.1", "MAIL must come first");
    private static final Reply NO_RECIPIENTS = new Reply(554, "5.5.1", "there are no valid recipients");
    private static final Reply IN_CHUNKS = new Reply(503, "5.5.1",
            "the message has begun with BDAT and must end with it");

    private final Connection connection;
    private final Supplier<Settings> current;
    private final Deadline deadline;
    private final Reporter reporter;
    private final ContentReceiver receiver;
    private final RelayPolicy policy;
    private final Ownership ownership;
    private final Encrypting encryption;
    private final Logins logins;
    private Settings settings;
    private volatile SessionSnapshot session;
    private Judgement connectJudgement = new Judgement();
    private Judgement heloJudgement = new Judgement();
    private Optional<Transaction> transaction = Optional.empty();
    private int transactions;

    CommandHandler(Connection connection, SessionSnapshot session, Supplier<Settings> current, Deadline deadline,
            Reporter reporter) {
        this.connection = connection;
        this.session = session;
        this.current = current;
        this.settings = current.get();
        this.deadline = deadline;
        this.reporter = reporter;
        this.receiver = new ContentReceiver(connection, reporter);
        this.policy = new RelayPolicy(reporter);
        this.ownership = new Ownership(reporter);
        this.encryption = new Encrypting(reporter.parts());
        this.logins = new Logins(connection, reporter);
    }

    /** What is known of the client. May be called from any thread. */
    SessionSnapshot session() {
        return session;
    }

    /** The settings in force: those of the transaction, or those of now. */
    Settings settings() {
        return settings;
    }

    /** The transaction that is open, for those who want to know whose command was refused. */
    Optional<Transaction> transaction() {
        return transaction;
    }

    boolean inTransaction() {
        return transaction.isPresent();
    }

    /** The client has connected: the greeting. */
    Answer connect() {
        try {
            connectJudgement = FilterChain.session(session, Phase.CONNECT, settings, deadline, reporter);
            return Answer.of(220, "", settings.hostname() + " ESMTP Staffetta");
        } catch (RefusedException refused) {
            return new Answer(greetingOf(refused.reply()), true, refused.filter());
        }
    }

    // instead of 220 a client may hear 421 or 554, and knows no other (RFC 5321 section 4.3.2)
    private static Reply greetingOf(Reply refusal) {
        return new Reply(refusal.isTransient() ? 421 : 554, refusal.status(), refusal.text());
    }

    Answer handle(Command command) throws IOException {
        try {
            return switch (command) {
                case Command.Hello hello -> hello(hello);
                case Command.Mail mail -> mail(mail);
                case Command.Rcpt rcpt -> rcpt(rcpt);
                case Command.Data _ -> data();
                case Command.Bdat bdat -> bdat(bdat);
                case Command.Rset _ -> rset();
                case Command.Noop _ -> Answer.of(OK);
                case Command.Quit _ -> Answer.last(new Reply(221, "2.0.0", settings.hostname() + " closes"));
                case Command.Help _ -> Answer.of(214, "2.0.0",
                        "HELO EHLO MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT AUTH STARTTLS\nsee RFC 5321");
                case Command.Vrfy _ -> Answer.of(252, "2.5.2", "cannot tell, but will take a message and try");
                case Command.Expn _ -> Answer.of(502, "5.5.1", "lists are not disclosed");
                case Command.StartTls _ -> startTls();
                case Command.Auth auth -> auth(auth);
                case Command.Other _ -> Answer.of(500, "5.5.1", "there is no such command");
            };
        } catch (RefusedException refused) {
            return Answer.of(refused);
        }
    }

    /** Ends the transaction, if there is one, without a message. */
    void reset() {
        transaction.ifPresent(Transaction::close);
        transaction = Optional.empty();
    }

    private Answer hello(Command.Hello hello) throws RefusedException {
        // as RSET (RFC 5321 section 4.1.4)
        reset();
        settings = current.get();
        SessionSnapshot greeted = session.greeted(hello.name(), hello.extended());
        heloJudgement = FilterChain.session(greeted, Phase.HELO, settings, deadline, reporter);
        session = greeted;
        return Answer.of(250, "", settings.hostname() + (hello.extended() ? "\n" + extensions() : ""));
    }

    private String extensions() {
        String auth = authOffered()
                ? "AUTH " + String.join(" ", logins.mechanisms(session)) + "\n"
                : "";
        return "PIPELINING\nSIZE " + settings.limits().messageSize()
                + "\n8BITMIME\nSMTPUTF8\nENHANCEDSTATUSCODES\nCHUNKING\nDSN\nLIMITS RCPTMAX="
                + settings.limits().recipients()
                + "\n" + (encryption.isOffered(session, settings) ? "STARTTLS\n" : "")
                + (encryption.protects(session, settings) ? "REQUIRETLS\n" : "") + auth + "HELP";
    }

    private Answer mail(Command.Mail mail) throws RefusedException {
        if (session.helo().isEmpty()) {
            return Answer.of(503, "5.5.1", "EHLO or HELO must come first");
        }
        if (transaction.isPresent()) {
            return Answer.of(503, "5.5.1", "a transaction is open already");
        }
        settings = current.get();
        if (encryption.isMissing(session, settings)) {
            return Answer.of(Encrypting.FIRST);
        }
        if (logins.isMissing(session, settings)) {
            return Answer.of(Logins.FIRST);
        }
        Map<String, String> parameters = mail.parameters();
        if (parameters.containsKey("REQUIRETLS") && !encryption.protects(session, settings)) {
            return Answer.of(Encrypting.unprotected(settings));
        }
        if (mail.sender().isInternational() && !parameters.containsKey("SMTPUTF8")) {
            return Answer.of(553, "5.6.7", "the address needs SMTPUTF8");
        }
        if (Long.parseLong(parameters.getOrDefault("SIZE", "0")) > settings.limits().messageSize()) {
            // RFC 1870 section 6.1
            return Answer.of(552, "5.3.4", "a message may have " + settings.limits().messageSize() + " octets");
        }
        transaction = Optional.of(begin(mail));
        return Answer.of(250, "2.1.0", "Ok");
    }

    private Transaction begin(Command.Mail mail) throws RefusedException {
        Leases leases = reporter.parts().transaction(settings, session, mail.sender());
        boolean begun = false;
        try {
            Transaction transaction = begin(mail, leases);
            begun = true;
            return transaction;
        } finally {
            if (!begun) {
                leases.close();
            }
        }
    }

    private Transaction begin(Command.Mail mail, Leases leases) throws RefusedException {
        policy.requireSender(mail.sender(), leases.router().service());
        ownership.requireSender(mail.sender(), session, settings);
        Judgement judgement = new Judgement();
        judgement.add(connectJudgement);
        judgement.add(heloJudgement);
        if (!session.account().isEmpty()) {
            // RFC 8601 section 2.7.4; not the account: its name is nobody else's business
            judgement.find(new Finding("auth", "pass", Map.of("smtp.mailfrom", mail.sender().toString())));
        }
        FilterChain chain = new FilterChain(leases.filters(), deadline, settings.times().filter(), reporter);
        FilterRun filters = FilterRun.begin(chain, session, session.id() + "." + ++transactions, judgement,
                () -> new DnsBudget(() -> reporter.parts().dns(settings.patience()), settings.limits().dnsQuestions(),
                        settings.times().dns()));
        Transaction begun = new Transaction(settings, leases, mail.sender(), mail.parameters(), filters);
        try {
            filters.mail(begun.envelope());
            return begun;
        } catch (RefusedException refused) {
            begun.close();
            throw refused;
        }
    }

    private Answer rcpt(Command.Rcpt rcpt) throws RefusedException {
        Transaction open = transaction.orElseThrow(() -> new RefusedException(NO_TRANSACTION));
        if (open.chunks().isPresent()) {
            return Answer.of(IN_CHUNKS);
        }
        Recipient recipient = new Recipient(rcpt.recipient(), rcpt.parameters());
        if (recipient.address().isInternational() && !open.utf8()) {
            return Answer.of(553, "5.6.7", "the address needs SMTPUTF8");
        }
        if (!open.has(recipient.address()) && open.recipients() >= settings.limits().recipients()) {
            // RFC 5321 section 4.5.3.1.10
            return Answer.of(452, "4.5.3", "too many recipients, send the message to these first");
        }
        policy.requireRecipient(recipient.address(), session, open.router());
        open.filters().rcpt(open.envelope(), recipient);
        open.add(recipient);
        return Answer.of(250, "2.1.5", "Ok");
    }

    private Answer data() throws IOException, RefusedException {
        if (connection.wire().pending()) {
            // DATA ends a group (RFC 2920 section 3.1): what follows is a message that does not care for our answer, not commands
            return Answer.last(new Reply(503, "5.5.1", "the message must wait for the answer to DATA"));
        }
        Transaction open = transaction.orElseThrow(() -> new RefusedException(NO_TRANSACTION));
        if (open.chunks().isPresent()) {
            return Answer.of(IN_CHUNKS);
        }
        if (open.recipients() == 0) {
            return Answer.of(NO_RECIPIENTS);
        }
        Draft draft = receiver.draft(open);
        try {
            return receiver.data(session, open, draft);
        } finally {
            reset();
        }
    }

    private Answer bdat(Command.Bdat chunk) throws IOException, RefusedException {
        if (transaction.isEmpty() || transaction.get().recipients() == 0) {
            Reply refusal = transaction.isEmpty() ? NO_TRANSACTION : NO_RECIPIENTS;
            return receiver.swallow(chunk, settings) ? Answer.of(refusal) : Answer.last(refusal);
        }
        try {
            return receiver.chunk(session, transaction.get(), chunk);
        } finally {
            if (chunk.last()) {
                reset();
            }
        }
    }

    private Answer rset() {
        reset();
        return Answer.of(OK);
    }

    /** Whether AUTH would be listened to now. */
    boolean authOffered() {
        return logins.isOffered(session, settings);
    }

    /** Whether the client has been told to go on encrypted. */
    boolean awaitsHandshake() {
        return encryption.isAgreed();
    }

    /**
     * Goes on encrypted, and knows nothing more of the client (RFC 3207 section 4.2).
     *
     * @throws TlsException if that fails; then the connection is closed
     */
    void encrypt() throws TlsException {
        session = session.encrypted(encryption.shakeHands(connection, settings));
        heloJudgement = new Judgement();
    }

    private Answer startTls() throws IOException {
        boolean early = !session.extended() || transaction.isPresent();
        return early && encryption.isOffered(session, settings)
                ? Answer.of(503, "5.5.1", "STARTTLS comes after EHLO, outside of a transaction")
                : encryption.begin(connection, session, settings);
    }

    private Answer auth(Command.Auth auth) throws IOException, RefusedException {
        if (encryption.isMissing(session, settings)) {
            return Answer.of(Encrypting.FIRST);
        }
        if (!session.extended() || !session.account().isEmpty() || transaction.isPresent()) {
            return Answer.of(503, "5.5.1", "AUTH comes once, after EHLO, outside of a transaction");
        }
        Answer answer = logins.auth(auth, session, settings);
        session = session.authenticated(logins.account());
        return answer;
    }
}
