package org.staffetta.listener;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What filters were asked, what they said, and how long that took. The same word said again in the same phase only adds up, so that a message with a
 * thousand recipients has no longer trace than one with two.
 */
final class Trace {

    // a value in the mail log has 1 KB
    private static final int LONGEST_FIELD = 900;

    private record Call(String filter, Phase phase, Word word) {}

    private static final class Sum {
        private int times;
        private long nanos;
    }

    private final List<Trace> before = new ArrayList<>();
    private final Map<Call, Sum> calls = new LinkedHashMap<>();
    private Word last = Word.PROCEED;

    void note(String filter, Phase phase, Word word, long nanos) {
        Sum sum = calls.computeIfAbsent(new Call(filter, phase, word), _ -> new Sum());
        sum.times++;
        sum.nanos += nanos;
        last = word;
    }

    /** What was noted earlier comes first. */
    void follow(Trace earlier) {
        before.add(earlier);
    }

    /** Whether nobody was asked since. */
    boolean isEmpty() {
        return calls.isEmpty();
    }

    /** Whether somebody has said anything but to proceed. */
    boolean hasObjection() {
        return calls.keySet().stream().anyMatch(call -> call.word() != Word.PROCEED);
    }

    /** What was said last. */
    Word last() {
        return last;
    }

    /** Adds the fields of an event: see {@link org.staffetta.api.event.MailEvent.Kind#FILTERED}. */
    void addTo(List<String> fields) {
        List<String> texts = new ArrayList<>();
        before.forEach(earlier -> earlier.describe(texts));
        describe(texts);
        StringJoiner field = new StringJoiner(", ");
        int number = 1;
        for (String text : texts) {
            if (field.length() > 0 && field.length() + text.length() > LONGEST_FIELD) {
                add(fields, number++, field);
                field = new StringJoiner(", ");
            }
            field.add(text);
        }
        add(fields, number, field);
    }

    private static void add(List<String> fields, int number, StringJoiner field) {
        fields.add(number == 1 ? "filters" : "filters." + number);
        fields.add(field.toString());
    }

    private void describe(List<String> texts) {
        calls.forEach((call, sum) -> texts.add(call.filter() + " " + call.phase() + " " + call.word() + " "
                + millis(sum.nanos) + (sum.times > 1 ? " x" + sum.times : "")));
    }

    // 12.34; for each message, so without a Formatter
    private static String millis(long nanos) {
        long hundredths = nanos / 10_000;
        long fraction = hundredths % 100;
        return hundredths / 100 + (fraction < 10 ? ".0" : ".") + fraction;
    }
}
