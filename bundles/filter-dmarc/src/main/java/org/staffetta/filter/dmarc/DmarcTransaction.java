package org.staffetta.filter.dmarc;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.staffetta.api.dns.DnsException;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Reply;
import org.staffetta.domainkey.Author;
import org.staffetta.smtp.authres.AuthenticationResults;

/** DMARC in one transaction: judges the message by what the filters before have found, and says what is to be done. */
final class DmarcTransaction implements Filter.Transaction {

    private static final String METHOD = "dmarc";

    private final FilterContext context;
    private final Settings settings;

    DmarcTransaction(FilterContext context, Settings settings) {
        this.context = context;
        this.settings = settings;
    }

    @Override
    public Verdict data(Envelope envelope, Message message) {
        Optional<String> author = Author.domain(message.headers());
        if (author.isEmpty()) {
            return withoutAuthor();
        }
        Evaluation evaluation = new Evaluation(context.dns());
        Judgement judgement = evaluation.judge(author.get(), context.findings(), envelope.sender().isNull());
        return switch (judgement.result()) {
            case FAIL -> failed(judgement, action(judgement, evaluation));
            case TEMPERROR -> settings.apply() && settings.defer()
                    ? Verdict.defer("4.7.1", "DMARC of " + judgement.author() + " cannot be checked now")
                    : told(finding(judgement, judgement.reason()));
            case NONE, PASS, PERMERROR -> told(finding(judgement, judgement.reason()));
        };
    }

    // nobody can say who it is from: RFC 9989 section 5.3.1
    private Verdict withoutAuthor() {
        return settings.apply() && settings.refuseAuthor()
                ? new Verdict.Refuse(new Reply(550, "5.6.0", "the message needs one From field with one plain address"))
                : told(new Finding(METHOD, Judgement.Result.PERMERROR.word(),
                        Map.of("reason", "there is no one From field with one plain address")));
    }

    private Verdict failed(Judgement judgement, Action action) {
        Finding finding = finding(judgement, action.reason());
        return switch (action.disposition()) {
            case REJECT -> new Verdict.Refuse(
                    new Reply(550, "5.7.1", "refused by the DMARC policy of " + judgement.author()));
            case QUARANTINE -> settings.hold()
                    ? new Verdict.Quarantine("fails DMARC of " + judgement.author(), List.of(finding))
                    : told(finding);
            case NONE -> told(finding);
        };
    }

    private Action action(Judgement judgement, Evaluation evaluation) {
        if (!settings.apply()) {
            return new Action(Disposition.NONE, "not applied");
        }
        Optional<Disposition> own = settings.override(judgement.author());
        if (own.isPresent()) {
            return new Action(own.get(), "by local policy");
        }
        if (judgement.wish() == Disposition.NONE) {
            return new Action(Disposition.NONE, judgement.testing() ? "the policy is in test mode" : "");
        }
        Optional<String> sealer = settings.arc() ? believed(judgement, evaluation) : Optional.empty();
        return sealer.map(name -> new Action(Disposition.NONE, "it passed at the trusted sealer " + name))
                .orElseGet(() -> new Action(judgement.wish(), judgement.testing() ? "the policy is in test mode" : ""));
    }

    // who is trusted is the operator's word to the filter arc, which tells only of those
    private Optional<String> believed(Judgement judgement, Evaluation evaluation) {
        return context.findings().stream()
                .filter(finding -> finding.method().equals("arc") && finding.result().equals("pass"))
                .filter(finding -> AuthenticationResults.parse(finding.properties().getOrDefault("sealer-results", ""))
                        .filter(told -> vouches(evaluation, judgement, told)).isPresent())
                .map(finding -> finding.properties().getOrDefault("sealer", "")).findFirst();
    }

    private static boolean vouches(Evaluation evaluation, Judgement judgement, AuthenticationResults told) {
        try {
            return evaluation.vouches(judgement, told.findings());
        } catch (DnsException noAnswer) {
            return false;
        }
    }

    // RFC 9989 section 9 registers the properties
    private static Finding finding(Judgement judgement, String reason) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("header.from", judgement.author());
        judgement.policy().ifPresent(found -> {
            properties.put("polrec.p", found.policy().published().getOrDefault("p", ""));
            if (!found.domain().equals(judgement.author())) {
                properties.put("polrec.domain", found.domain());
            }
        });
        if (!reason.isEmpty()) {
            properties.put("reason", reason);
        }
        return new Finding(METHOD, judgement.result().word(), properties);
    }

    private static Verdict told(Finding finding) {
        return new Verdict.Proceed(List.of(), List.of(finding));
    }

    /**
     * What is done with a message that fails.
     *
     * @param reason why it is not what the domain asks for; empty if it is
     */
    private record Action(Disposition disposition, String reason) {}
}
