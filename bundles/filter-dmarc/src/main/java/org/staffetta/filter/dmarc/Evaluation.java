package org.staffetta.filter.dmarc;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.dns.DnsException;
import org.staffetta.api.filter.Finding;
import org.staffetta.domainkey.DomainName;

/** Judges one message by what SPF and DKIM found out (RFC 9989 section 5.3). */
final class Evaluation {

    private final Dns dns;
    private final TreeWalk walk;

    Evaluation(Dns dns) {
        this.dns = dns;
        this.walk = new TreeWalk(dns);
    }

    /**
     * Judges.
     *
     * @param author the domain of the From field, in A-labels
     * @param bounce whether the reverse-path is null
     */
    Judgement judge(String author, List<Finding> findings, boolean bounce) {
        try {
            TreeWalk.Path path = walk.from(author);
            Optional<TreeWalk.Found> found = path.policy();
            Optional<PolicyRecord> record = found.flatMap(one -> one.policy().effective());
            if (found.isEmpty() || record.isEmpty()) {
                return Judgement.without(Judgement.Result.NONE, author, found.isEmpty()
                        ? ""
                        : "the policy cannot be understood: " + String.join(", ", found.get().policy().problems()));
            }
            return judge(path, new TreeWalk.Found(found.get().domain(), record.get()),
                    Identifier.among(findings, bounce), missing(findings));
        } catch (DnsException noAnswer) {
            return Judgement.without(Judgement.Result.TEMPERROR, author, String.valueOf(noAnswer.getMessage()));
        }
    }

    /**
     * Whether others have found the author to be who he says, with the same rules.
     *
     * @param findings of somebody who is believed
     */
    boolean vouches(Judgement judged, List<Finding> findings) throws DnsException {
        String author = judged.author();
        boolean passed = findings.stream().anyMatch(finding -> finding.method().equals("dmarc")
                && finding.result().equals("pass")
                && DomainName.parse(finding.properties().getOrDefault("header.from", "")).filter(author::equals)
                        .isPresent());
        if (passed || judged.policy().isEmpty()) {
            return passed;
        }
        TreeWalk.Path path = walk.from(author);
        for (Identifier identifier : Identifier.among(findings, false)) {
            if (identifier.passes() && aligned(identifier, path, judged.policy().get().policy())) {
                return true;
            }
        }
        return false;
    }

    private Judgement judge(TreeWalk.Path path, TreeWalk.Found policy, List<Identifier> identifiers, String missing)
            throws DnsException {
        Set<Identifier.Method> passed = EnumSet.noneOf(Identifier.Method.class);
        String doubt = missing.isEmpty() ? "" : "the filter " + missing + " was not asked before dmarc";
        boolean open = false;
        for (Identifier identifier : identifiers) {
            try {
                boolean aligned = aligned(identifier, path, policy.policy());
                open |= aligned && !identifier.passes();
                if (aligned && identifier.passes()) {
                    passed.add(identifier.method());
                }
            } catch (DnsException noAnswer) {
                // what did not pass for lack of an answer did not fail either
                open = true;
                doubt = doubt.isEmpty() ? String.valueOf(noAnswer.getMessage()) : doubt;
            }
        }
        Disposition wish = passed.isEmpty() ? wish(path.start(), policy) : Disposition.NONE;
        Judgement.Result result = Judgement.Result.FAIL;
        if (!passed.isEmpty()) {
            result = Judgement.Result.PASS;
        } else if (!missing.isEmpty()) {
            result = Judgement.Result.PERMERROR;
        } else if (open) {
            result = Judgement.Result.TEMPERROR;
        }
        boolean testing = policy.policy().testing() && wish != Disposition.NONE;
        return new Judgement(result, path.start(), Optional.of(policy), testing ? wish.milder() : wish, testing,
                passed.contains(Identifier.Method.DKIM), passed.contains(Identifier.Method.SPF),
                result == Judgement.Result.PASS ? "" : doubt);
    }

    // section 4.4: strict means the same domain, relaxed the same organizational domain
    private boolean aligned(Identifier identifier, TreeWalk.Path path, PolicyRecord policy) throws DnsException {
        if (identifier.domain().equals(path.start())) {
            return true;
        }
        boolean strict = switch (identifier.method()) {
            case DKIM -> policy.strictDkim();
            case SPF -> policy.strictSpf();
        };
        String organization = path.organization();
        // an organizational domain is the domain itself or stands above it: no need to ask about others
        return !strict && DomainName.isWithin(identifier.domain(), organization)
                && walk.from(identifier.domain()).organization().equals(organization);
    }

    // section 4.10.1
    private Disposition wish(String author, TreeWalk.Found policy) throws DnsException {
        PolicyRecord record = policy.policy();
        if (author.equals(policy.domain())) {
            return record.policy().orElse(Disposition.NONE);
        }
        boolean same = record.absent().equals(record.subdomains());
        boolean exists = same || dns.txt(author).exists();
        return (exists ? record.subdomains() : record.absent()).orElse(Disposition.NONE);
    }

    // without one of them everything of somebody who relies on it would fail
    private static String missing(List<Finding> findings) {
        for (Identifier.Method method : Identifier.Method.values()) {
            if (!method.isAmong(findings)) {
                return method.word();
            }
        }
        return "";
    }
}
