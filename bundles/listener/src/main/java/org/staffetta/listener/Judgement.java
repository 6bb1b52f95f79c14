package org.staffetta.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Reply;

/** What filters have said so far that lasts beyond the phase in which they said it. */
final class Judgement {

    private final Trace trace = new Trace();
    private final List<Finding> findings = new ArrayList<>();
    private List<Finding> foreign = List.of();
    private String hold = "";
    private String discard = "";

    /** Takes over what was said of the session before the transaction began. */
    void add(Judgement earlier) {
        trace.follow(earlier.trace);
        findings.addAll(earlier.findings);
        hold = hold.isEmpty() ? earlier.hold : hold;
        discard = discard.isEmpty() ? earlier.discard : discard;
    }

    /** Adds what the listener itself has found out. */
    void find(Finding finding) {
        findings.add(finding);
    }

    /** Notes a verdict; its refusal, if it is one. */
    Optional<Reply> heed(Verdict verdict) {
        switch (verdict) {
            case Verdict.Proceed proceed -> findings.addAll(proceed.findings());
            case Verdict.Quarantine quarantine -> {
                findings.addAll(quarantine.findings());
                hold = first(hold, quarantine.reason());
            }
            case Verdict.Discard discarded -> discard = first(discard, discarded.reason());
            case Verdict.Refuse refuse -> {
                return Optional.of(refuse.reply());
            }
        }
        return Optional.empty();
    }

    /** What others have found, for a filter that is not one of them. */
    void see(List<Finding> ofOthers) {
        foreign = ofOthers;
    }

    List<Finding> findings() {
        if (foreign.isEmpty()) {
            return List.copyOf(findings);
        }
        List<Finding> all = new ArrayList<>(foreign);
        all.addAll(findings);
        return List.copyOf(all);
    }

    /** Who was asked, and what he said. */
    Trace trace() {
        return trace;
    }

    /** What is to become of the message if nobody refuses it. */
    Word standing() {
        if (!discard.isEmpty()) {
            return Word.DISCARD;
        }
        return hold.isEmpty() ? Word.PROCEED : Word.QUARANTINE;
    }

    /** Why the message is to be held; empty if it is not. */
    String hold() {
        return hold;
    }

    /** Why the message is to be thrown away; empty if it is not. */
    String discard() {
        return discard;
    }

    // a filter that gives no reason has decided all the same
    private static String first(String known, String reason) {
        if (!known.isEmpty()) {
            return known;
        }
        return reason.isBlank() ? "no reason given" : reason;
    }
}
