package org.staffetta.filter.dmarc;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.staffetta.domainkey.DomainName;

/** {@code mail:dmarc}: what others report of mail in the name of our domains. Wrong usage throws {@link IllegalArgumentException}. */
final class DmarcCommand {

    static final String USAGE = "usage: dmarc [DOMAIN] [--days N] [--json]";

    private static final int DAYS = 7;

    private final ReportStore store;
    private final InstantSource clock;

    DmarcCommand(ReportStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    void run(String[] arguments, PrintStream out) throws IOException {
        List<String> words = new ArrayList<>(List.of(arguments));
        if (words.equals(List.of("--help"))) {
            out.println(USAGE);
            return;
        }
        boolean json = words.remove("--json");
        LocalDate from = LocalDate.ofInstant(clock.instant().minus(Duration.ofDays(days(words))), ZoneOffset.UTC);
        Optional<String> domain = domain(words);
        List<SourceView> sources = SourceView.of(store.lines(from).stream()
                .filter(line -> domain.isEmpty() || line.domain().equals(domain.get())).toList());
        if (json) {
            sources.forEach(source -> out.println(source.json()));
        } else if (sources.isEmpty()) {
            out.println("There is no report since " + from + domain.map(name -> " about " + name).orElse("")
                    + ": dmarc.incoming names the addresses to which they come.");
        } else {
            SourceView.summaries(sources, store.reports(from)).forEach(out::println);
            SourceView.table(sources).forEach(out::println);
        }
    }

    private static int days(List<String> words) {
        int place = words.indexOf("--days");
        if (place < 0) {
            return DAYS;
        }
        words.remove(place);
        String number = place < words.size() ? words.remove(place) : "";
        if (!number.matches("[1-9][0-9]{0,2}")) {
            throw new IllegalArgumentException("--days needs a number from 1 to 999; " + USAGE);
        }
        return Integer.parseInt(number);
    }

    private static Optional<String> domain(List<String> words) {
        if (words.isEmpty()) {
            return Optional.empty();
        }
        if (words.size() > 1 || words.getFirst().startsWith("-")) {
            throw new IllegalArgumentException(USAGE);
        }
        String text = words.getFirst();
        return Optional.of(DomainName.parse(text).orElseThrow(
                () -> new IllegalArgumentException("'" + text + "' is not a domain such as example.org")));
    }
}
