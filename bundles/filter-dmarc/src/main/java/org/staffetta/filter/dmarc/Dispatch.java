package org.staffetta.filter.dmarc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.mail.Address;
import org.staffetta.api.signing.MessageSigner;
import org.staffetta.api.spool.Spool;

/** Makes the reports of a period that is over and queues them, each once: what is queued is noted, so that a restart goes on behind it. */
final class Dispatch {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);
    // who has a zone has as many domains as he likes
    private static final int MOST_REPORTS = 5_000;

    private final Collector collector;
    private final ReportSettings settings;
    private final Dns dns;
    private final Spool spool;
    private final List<MessageSigner> signers;
    private final Instant now;

    Dispatch(Collector collector, ReportSettings settings, Dns dns, Spool spool, List<MessageSigner> signers,
            Instant now) {
        this.collector = collector;
        this.settings = settings;
        this.dns = dns;
        this.spool = spool;
        this.signers = List.copyOf(signers);
        this.now = now;
    }

    /**
     * Sends what is not sent yet, and removes the files when all is.
     *
     * @return how many were queued
     * @throws IOException if something could not be done now; what is left is for another time
     */
    int send(Collector.Period period) throws IOException {
        Tally all = new Tally(settings.most());
        for (Path file : collector.files(period)) {
            all.load(file);
        }
        Map<Sample.Heading, Map<Sample.Row, Long>> reports = group(all.counts());
        Path note = collector.note(period);
        Set<String> done = Files.exists(note)
                ? Set.copyOf(Files.readAllLines(note, StandardCharsets.US_ASCII))
                : Set.of();
        int sent = 0;
        IOException trouble = null;
        for (Map.Entry<Sample.Heading, Map<Sample.Row, Long>> report : reports.entrySet()) {
            String id = id(period, report.getKey());
            try {
                sent += done.contains(id) ? 0 : post(period, id, report.getKey(), report.getValue(), all.dropped());
            } catch (IOException later) {
                trouble = later;
            }
        }
        if (trouble != null) {
            throw trouble;
        }
        forget(collector, period);
        return sent;
    }

    /** Removes all of a period. */
    static void forget(Collector collector, Collector.Period period) throws IOException {
        for (Path file : collector.files(period)) {
            Files.delete(file);
        }
        Files.deleteIfExists(collector.note(period));
    }

    private int post(Collector.Period period, String id, Sample.Heading heading, Map<Sample.Row, Long> rows,
            long dropped) throws IOException {
        Set<Address> to = new Destinations(dns).of(heading.domain(), heading.uris());
        if (!to.isEmpty()) {
            ReportXml.Metadata metadata = new ReportXml.Metadata(settings.organization(), settings.from().toString(),
                    id, period.begin(), period.end(), dropped);
            String queued = new ReportMail(settings.host(), settings.from(), signers, now).post(spool, to, metadata,
                    heading, rows);
            LOG.info("dmarc: the report about {} is queued as {}", heading.domain(), queued);
        }
        Files.writeString(collector.note(period), id + "\n", StandardCharsets.US_ASCII, StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        return to.isEmpty() ? 0 : 1;
    }

    private static Map<Sample.Heading, Map<Sample.Row, Long>> group(Map<String, Long> counts) {
        Map<Sample.Heading, Map<Sample.Row, Long>> reports = new LinkedHashMap<>();
        counts.forEach((line, count) -> {
            try {
                Sample sample = Sample.parse(line);
                if (reports.size() < MOST_REPORTS || reports.containsKey(sample.heading())) {
                    reports.computeIfAbsent(sample.heading(), _ -> new LinkedHashMap<>()).merge(sample.row(), count,
                            Long::sum);
                }
            } catch (IllegalArgumentException damaged) {
                LOG.warn("dmarc: {}", damaged.getMessage());
            }
        });
        return reports;
    }

    // the same for the same report, whoever makes it again (RFC 9990, "Definition of Report-ID")
    private String id(Collector.Period period, Sample.Heading heading) {
        CRC32 sum = new CRC32();
        sum.update(heading.toString().getBytes(StandardCharsets.UTF_8));
        return period.begin() + "." + HexFormat.of().toHexDigits(sum.getValue(), 8) + "." + heading.domain() + "@"
                + settings.host();
    }
}
