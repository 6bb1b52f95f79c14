package org.staffetta.filter.spf;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.filter.HeaderEdit;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.session.Session;

/** SPF in one transaction: checked when MAIL FROM is known, noted in the message when that is here. */
final class SpfTransaction implements Filter.Transaction {

    private static final int LONGEST_EXPLANATION = 256;

    /** One of the two names that a client goes by, and what became of it. */
    record Checked(Identity identity, Subject subject, Outcome outcome) {}

    /** The identities of RFC 7208 sections 2.3 and 2.4. */
    enum Identity {
        HELO("helo"), MAILFROM("mailfrom");

        private final String word;

        Identity(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    private final FilterContext context;
    private final Settings settings;
    private final InstantSource time;
    private final List<Checked> checks = new ArrayList<>();

    SpfTransaction(FilterContext context, Settings settings, InstantSource time) {
        this.context = context;
        this.settings = settings;
        this.time = time;
    }

    @Override
    public Verdict mail(Envelope envelope) {
        Address sender = envelope.sender();
        if (settings.helo() || sender.isNull()) {
            check(Identity.HELO, "postmaster", Domains.ascii(context.session().helo()));
        }
        if (!sender.isNull()) {
            check(Identity.MAILFROM, sender.localPart(), Domains.ascii(sender.domain()));
        }
        Optional<Checked> refused = checks.stream()
                .filter(one -> settings.refused().contains(one.outcome().result().word())).findFirst();
        return refused.isPresent() ? refusal(refused.get()) : new Verdict.Proceed(List.of(), findings());
    }

    @Override
    public Verdict data(Envelope envelope, Message message) {
        if (!settings.receivedSpf()) {
            return Verdict.proceed();
        }
        List<HeaderEdit> edits = checks.reversed().stream()
                .<HeaderEdit>map(one -> new HeaderEdit.Prepend(ReceivedSpf.of(one, settings.hostname()))).toList();
        return new Verdict.Proceed(edits, List.of());
    }

    private void check(Identity identity, String localPart, String domain) {
        Session session = context.session();
        InetAddress client = session.client().getAddress();
        Subject subject = new Subject(client, session.helo(), settings.hostname(), localPart, domain);
        long end = System.nanoTime() + settings.timeout().toNanos();
        Lookups lookups = new Lookups(context.dns(), client, settings.voids(), end);
        checks.add(new Checked(identity, subject, new Check(subject, lookups, time).run()));
    }

    private List<Finding> findings() {
        return checks.stream().map(one -> new Finding("spf", one.outcome().result().word(),
                Map.of("smtp." + one.identity().word(), one.subject().domain(), "reason", one.outcome().reason())))
                .toList();
    }

    // the codes are those of RFC 7372 section 3.2
    private static Verdict refusal(Checked one) {
        Outcome outcome = one.outcome();
        String domain = one.subject().domain();
        return switch (outcome.result()) {
            case TEMPERROR -> Verdict.defer("4.7.24", "SPF cannot be checked now: " + printable(outcome.reason()));
            case PERMERROR -> Verdict.reject("5.7.24", "the SPF policy is in error: " + printable(outcome.reason()));
            default -> new Verdict.Refuse(new Reply(550, "5.7.23", printable(domain) + " does not permit "
                    + one.subject().client().getHostAddress() + " to send in its name" + said(outcome)));
        };
    }

    // what a stranger's DNS says stands in a reply of ours: in quotes, and not too much of it
    private static String said(Outcome outcome) {
        return outcome.explanation().isEmpty() ? "" : "; it says: " + printable(outcome.explanation());
    }

    static String printable(String text) {
        StringBuilder clean = new StringBuilder();
        text.chars().limit(LONGEST_EXPLANATION).forEach(c -> clean.append(c >= 0x20 && c < 0x7f ? (char) c : '?'));
        return clean.toString();
    }
}
