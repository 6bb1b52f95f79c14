package org.staffetta.filter.dmarc;

import java.io.IOException;
import java.util.List;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;

/**
 * Has the reports in a message read, if it is for one of the addresses where they come in and nothing is wrong with it. Whatever comes of that, the verdict is that of
 * the other, which is asked first.
 */
record ReadingTransaction(Filter.Transaction judging, Incoming incoming) implements Filter.Transaction {

    @Override
    public Verdict data(Envelope envelope, Message message) throws IOException {
        Verdict verdict = judging.data(envelope, message);
        if (verdict instanceof Verdict.Proceed said && incoming.wants(envelope)) {
            incoming.offer(message, author(said.findings()));
        }
        return verdict;
    }

    private static String author(List<Finding> findings) {
        return findings.stream().filter(one -> one.method().equals("dmarc") && one.result().equals("pass"))
                .map(one -> one.properties().getOrDefault("header.from", "")).findFirst().orElse("");
    }

    @Override
    public void close() {
        judging.close();
    }
}
