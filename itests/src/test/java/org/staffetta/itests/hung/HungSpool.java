package org.staffetta.itests.hung;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.spool.Claim;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Entry;
import org.staffetta.api.spool.Exchange;
import org.staffetta.api.spool.Spool;
import org.staffetta.api.spool.Tally;

/** Is empty, and never comes back to who wants to put something in. */
@Component(property = Filter.NAME + "=hung")
public class HungSpool implements Spool {

    @Override
    public Draft draft() {
        while (true) {
            try {
                Thread.sleep(Duration.ofDays(1));
            } catch (InterruptedException e) {
                // sleeps on
            }
        }
    }

    @Override
    public Claim take() throws InterruptedException {
        Thread.sleep(Duration.ofDays(365));
        throw new InterruptedException();
    }

    @Override
    public Optional<Claim> claim(String id) {
        return Optional.empty();
    }

    @Override
    public Optional<Entry> find(String id) {
        return Optional.empty();
    }

    @Override
    public Stream<Entry> entries() {
        return Stream.empty();
    }

    @Override
    public long size() {
        return 0;
    }

    @Override
    public Tally tally() {
        return new Tally(0, 0, 0, 0, 0);
    }

    @Override
    public Exchange exchange() {
        throw new UnsupportedOperationException();
    }
}
