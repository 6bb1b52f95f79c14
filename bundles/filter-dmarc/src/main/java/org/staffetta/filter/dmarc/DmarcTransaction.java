package org.staffetta.filter.dmarc;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.staffetta.api.dns.DnsException;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Reply;
import org.staffetta.domainkey.Author;
import org.staffetta.smtp.authres.AuthenticationResults;

/** DMARC in one transaction: judges the message by what the filters before have found, and says what is to be done. */
final class DmarcTransaction implements Filter.Transaction {

    private static final String METHOD = "dmarc";
    private static final String LOCAL = "local_policy";

    private final FilterContext context;
    private final Settings settings;
    private final Consumer<Sample> reports;

    /**
     * @param reports gets what domains are told about the message
     */
    DmarcTransaction(FilterContext context, Settings settings, Consumer<Sample> reports) {
        this.context = context;
        this.settings = settings;
        this.reports = reports;
    }

    @Override
    public Verdict data(Envelope envelope, Message message) {
        Optional<String> author = Author.domain(message.headers());
        if (author.isEmpty()) {
            return withoutAuthor();
        }
        Evaluation evaluation = new Evaluation(context.dns());
        Judgement judgement = evaluation.judge(author.get(), context.findings(), envelope.sender().isNull());
        boolean failed = judgement.result() == Judgement.Result.FAIL;
        Action action = failed ? action(judgement, evaluation) : Action.AS_IT_IS;
        report(judgement, action, envelope.sender());
        return switch (judgement.result()) {
            case FAIL -> failed(judgement, action);
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
            return new Action(Disposition.NONE, judgement.wish() == Disposition.NONE ? "" : LOCAL, "not applied");
        }
        Optional<Disposition> own = settings.override(judgement.author());
        if (own.isPresent()) {
            return new Action(own.get(), LOCAL, "by local policy");
        }
        Action wished = judgement.testing()
                ? new Action(judgement.wish(), "policy_test_mode", "the policy is in test mode")
                : new Action(judgement.wish(), "", "");
        if (judgement.wish() == Disposition.NONE || !settings.arc()) {
            return wished;
        }
        return believed(judgement, evaluation).map(sealer -> new Action(Disposition.NONE, "trusted_forwarder",
                "it passed at the trusted sealer " + sealer)).orElse(wished);
    }

    // RFC 9990: only those who ask for reports, only what could be judged
    private void report(Judgement judgement, Action action, Address sender) {
        boolean judged = judgement.result() == Judgement.Result.FAIL || judgement.result() == Judgement.Result.PASS;
        Optional<TreeWalk.Found> policy = judgement.policy()
                .filter(found -> judged && !found.policy().reports().isEmpty());
        if (policy.isEmpty()) {
            return;
        }
        boolean enforcing = policy.get().policy().policy().orElse(Disposition.NONE) != Disposition.NONE;
        String passed = enforcing ? "pass" : "none";
        String done = judgement.result() == Judgement.Result.PASS ? passed : action.disposition().word();
        reports.accept(new Sample(Sample.Heading.of(policy.get()),
                new Sample.Row(context.session().client().getAddress().getHostAddress(), done, judgement.dkim(),
                        judgement.spf(), action.override(), action.reason(), judgement.author(), sender.domain(),
                        Sample.checks(context.findings(), sender.isNull()))));
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
     * @param override why it is not what the domain asks for, as reports call that (RFC 9990, PolicyOverrideType); empty if it is
     * @param reason the same for a person
     */
    private record Action(Disposition disposition, String override, String reason) {
        private static final Action AS_IT_IS = new Action(Disposition.NONE, "", "");
    }
}
