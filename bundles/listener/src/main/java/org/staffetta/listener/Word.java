package org.staffetta.listener;

import java.util.Locale;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Reply;

/** What a filter says, or what is decided, in one word. */
enum Word {
    PROCEED, REFUSE, DEFER, QUARANTINE, DISCARD,
    /** The filter failed, and so the client is told to come back. */
    FAILED,
    /** The filter failed and is passed over. */
    SKIPPED;

    static Word of(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Proceed _ -> PROCEED;
            case Verdict.Refuse(Reply reply) -> of(reply);
            case Verdict.Quarantine _ -> QUARANTINE;
            case Verdict.Discard _ -> DISCARD;
        };
    }

    /** Of a reply that is not positive. */
    static Word of(Reply refusal) {
        return refusal.isTransient() ? DEFER : REFUSE;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
