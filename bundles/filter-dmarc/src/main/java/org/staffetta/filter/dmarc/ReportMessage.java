package org.staffetta.filter.dmarc;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;

/** A message that reports may be attached to, forwarded ones included. */
final class ReportMessage {

    private static final int MOST_DEPTH = 10;
    private static final int MOST_PARTS = 50;
    private static final MimeConfig LIMITS = MimeConfig.custom().setMaxLineLen(-1).setMaxHeaderLen(100_000)
            .setMaxHeaderCount(2_000).setMalformedHeaderStartsBody(false).build();

    private final Budget budget;
    private final List<AggregateReport> reports = new ArrayList<>();
    private Optional<IOException> trouble = Optional.empty();

    ReportMessage(Budget budget) {
        this.budget = budget;
    }

    /**
     * All reports in it.
     *
     * @return at least one
     * @throws IOException if there is none that can be read; the message is one line
     */
    List<AggregateReport> read(InputStream message) throws IOException {
        MimeTokenStream parts = new MimeTokenStream(LIMITS);
        parts.parse(message);
        try {
            walk(parts);
        } catch (MimeException e) {
            trouble = Optional.of(trouble.orElseGet(() -> new IOException("it cannot be taken apart", e)));
        }
        if (reports.isEmpty()) {
            throw trouble.orElseGet(() -> new IOException("there is no report in it"));
        }
        return List.copyOf(reports);
    }

    private void walk(MimeTokenStream parts) throws IOException, MimeException {
        int depth = 0;
        int seen = 0;
        for (EntityState state = parts.getState(); state != EntityState.T_END_OF_STREAM; state = parts.next()) {
            budget.requireTime();
            switch (state) {
                case T_START_MULTIPART, T_START_MESSAGE -> depth++;
                case T_END_MULTIPART, T_END_MESSAGE -> depth--;
                case T_BODY -> look(parts);
                default -> {}
            }
            seen += state == EntityState.T_BODY ? 1 : 0;
            if (depth > MOST_DEPTH || seen > MOST_PARTS) {
                throw new Budget.ExceededException("it has too many parts");
            }
        }
    }

    // one that cannot be read does not make the others worthless
    private void look(MimeTokenStream parts) throws IOException {
        try {
            new Attachment(parts.getDecodedInputStream(), budget).read().ifPresent(reports::add);
        } catch (Budget.ExceededException exceeded) {
            throw exceeded;
        } catch (IOException e) {
            trouble = Optional.of(trouble.orElse(e));
        }
    }
}
