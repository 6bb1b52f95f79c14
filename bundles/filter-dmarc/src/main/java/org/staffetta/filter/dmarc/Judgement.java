package org.staffetta.filter.dmarc;

import java.util.Optional;

/**
 * What DMARC says of one message.
 *
 * @param result by the words of RFC 9989 section 9
 * @param author the domain of the From field; empty if there is no one domain
 * @param policy the record that applies; empty if there is none
 * @param wish what the domain asks to be done with it if it fails
 * @param testing whether that is one level below what it would ask for, since it is only trying
 * @param dkim whether an aligned signature passes
 * @param spf whether an aligned SPF passes
 * @param reason for a person; empty if there is nothing to say
 */
record Judgement(Result result, String author, Optional<TreeWalk.Found> policy, Disposition wish, boolean testing,
        boolean dkim, boolean spf, String reason) {

    /** Nothing but pass means anything good. */
    enum Result {
        NONE("none"), PASS("pass"), FAIL("fail"), TEMPERROR("temperror"), PERMERROR("permerror");

        private final String word;

        Result(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /** Where there is nothing to compare. */
    static Judgement without(Result result, String author, String reason) {
        return new Judgement(result, author, Optional.empty(), Disposition.NONE, false, false, false, reason);
    }
}
