package org.staffetta.listener;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.event.MailEvent.Kind;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.SpoolException;
import org.staffetta.smtp.authres.AuthenticationResults;

/** Decides about a message that has come in completely, and commits it. */
final class Acceptance {

    private static final Logger LOG = LoggerFactory.getLogger(Acceptance.class);

    private final SessionSnapshot session;
    private final Transaction transaction;
    private final Reception reception;
    private final Reporter reporter;

    Acceptance(SessionSnapshot session, Transaction transaction, Reception reception, Reporter reporter) {
        this.session = session;
        this.transaction = transaction;
        this.reception = reception;
        this.reporter = reporter;
    }

    /**
     * Says yes, which is for good, or throws.
     *
     * @throws RefusedException if the message is not accepted
     */
    Reply decide() throws RefusedException {
        Optional<Reply> problem = reception.problem();
        if (problem.isPresent()) {
            throw new RefusedException(problem.get());
        }
        requireNoLoop(reception.headers());
        new Ownership(reporter).requireAuthor(reception.headers(), session, transaction.settings());
        Draft draft = reception.draft();
        Envelope envelope = transaction.envelope();
        List<Header> headers = new ArrayList<>(reception.headers());
        // RFC 8601 section 5; before the filters, so that none of them believes it, and what signatures cover is what is kept
        headers.removeIf(field -> AuthenticationResults.isInNameOf(transaction.settings().authserv(), field));
        headers.addFirst(ReceivedField.of(session, transaction, draft.id(), reporter.clock().instant()));
        headers = withResults(transaction.filters().data(envelope, draft, headers));
        Reply accepted = new Reply(250, "2.0.0", "Ok: queued as " + draft.id());
        Judgement judgement = transaction.filters().judgement();
        if (!judgement.discard().isEmpty()) {
            transaction.filters().report(draft.id());
            report(Kind.DISCARDED, headers, "reason", judgement.discard());
            return accepted;
        }
        commit(draft, envelope, headers, judgement.hold());
        transaction.filters().report(draft.id());
        report(Kind.ACCEPTED, headers);
        if (!judgement.hold().isEmpty()) {
            reporter.report(Kind.HELD, draft.id(), "reason", judgement.hold());
        }
        return accepted;
    }

    // what filters found whose word counts; nothing if there was nothing to find (RFC 8601 section 4.1)
    private List<Header> withResults(List<Header> headers) {
        List<Finding> findings = transaction.filters().judgement().findings();
        if (findings.isEmpty()) {
            return headers;
        }
        List<Header> told = new ArrayList<>(headers);
        told.addFirst(new AuthenticationResults(transaction.settings().authserv(), findings).toHeader());
        return told;
    }

    private void requireNoLoop(List<Header> headers) throws RefusedException {
        long hops = headers.stream().filter(header -> header.is("Received")).count();
        if (hops > transaction.settings().limits().hops()) {
            // RFC 5321 section 6.3
            throw new RefusedException(
                    new Reply(554, "5.4.6", "the message has passed " + hops + " servers, it is in a loop"));
        }
        // the MDA would find this loop too, but its bounce would go to a sender whom nobody has verified
        if (headers.stream().filter(header -> header.is("Delivered-To")).anyMatch(this::namesRecipient)) {
            throw new RefusedException(new Reply(554, "5.4.6", "the message was delivered to this recipient before"));
        }
    }

    private boolean namesRecipient(Header delivered) {
        return transaction.envelope().recipients().stream()
                .anyMatch(recipient -> recipient.address().toString().equalsIgnoreCase(delivered.value()));
    }

    private void commit(Draft draft, Envelope envelope, List<Header> headers, String hold) throws RefusedException {
        try {
            draft.commit(envelope, headers, attributes(hold));
        } catch (SpoolException refused) {
            throw new RefusedException(refused.reply());
        } catch (RuntimeException | Error failure) {
            // whether it is stored is not certain, so the client keeps it: twice is better than never
            LOG.error("the spool failed to commit {}", draft.id(), failure);
            reporter.alarm("the spool failed to commit " + draft.id() + ": " + failure);
            throw new RefusedException(new Reply(451, "4.3.0", "the message cannot be stored now"));
        }
    }

    private Map<String, String> attributes(String hold) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("listener", session.listener());
        attributes.put("session", session.id());
        attributes.put("client", session.clientAddress());
        attributes.put("helo", session.helo());
        attributes.put("proto", session.protocol(transaction.utf8()));
        if (session.encrypted()) {
            attributes.put("tls", session.encryption());
        }
        if (!session.account().isEmpty()) {
            attributes.put("account", session.account());
        }
        if (!hold.isEmpty()) {
            attributes.put(Entry.HOLD, hold);
        }
        return attributes;
    }

    private void report(Kind kind, List<Header> headers, String... more) {
        Envelope envelope = transaction.envelope();
        Draft draft = reception.draft();
        List<String> fields = new ArrayList<>(List.of("from", "<" + envelope.sender() + ">", "size",
                Long.toString(reception.size()), "nrcpt", Integer.toString(envelope.recipients().size()), "client",
                session.clientAddress(), "helo", session.helo(), "proto", session.protocol(transaction.utf8()),
                "tls", session.encryption(), "account", session.account(), "message-id",
                headers.stream().filter(header -> header.is("Message-ID")).findFirst().map(Header::value).orElse(""),
                "transaction", transaction.id()));
        fields.addAll(List.of(more));
        reporter.report(kind, draft.id(), fields.toArray(String[]::new));
    }
}
