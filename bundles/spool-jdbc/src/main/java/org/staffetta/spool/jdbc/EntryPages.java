package org.staffetta.spool.jdbc;

import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.staffetta.api.spool.Entry;

/** All entries, page by page: whoever reads them slowly holds neither a connection nor a transaction meanwhile. */
final class EntryPages extends Spliterators.AbstractSpliterator<Entry> {

    private static final int PAGE = 50;

    private final EntryTable table;
    private final Deque<StoredEntry> page = new ArrayDeque<>();
    private Instant arrival = Instant.EPOCH;
    private String key = "";
    private boolean last;

    private EntryPages(EntryTable table) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.DISTINCT);
        this.table = table;
    }

    static Stream<Entry> stream(EntryTable table) {
        return StreamSupport.stream(new EntryPages(table), false);
    }

    @Override
    public boolean tryAdvance(Consumer<? super Entry> action) {
        while (page.isEmpty() && !last) {
            turn();
        }
        StoredEntry next = page.poll();
        if (next != null) {
            action.accept(next);
        }
        return next != null;
    }

    private void turn() {
        try {
            EntryTable.Page next = table.page(arrival, key, PAGE);
            next.rows().forEach(row -> page.add(row.entry()));
            arrival = next.arrival();
            key = next.key();
            last = next.last();
        } catch (SQLException e) {
            throw new UncheckedIOException(Replies.of(e));
        }
    }
}
