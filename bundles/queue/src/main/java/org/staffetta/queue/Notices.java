package org.staffetta.queue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.plugin.Lease;
import org.staffetta.api.plugin.Plugins;
import org.staffetta.api.signing.MessageSigner;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Spool;

/**
 * Writes delivery status notifications (RFC 3464, RFC 3461, RFC 6533) into the spool, where they are messages like others.
 */
final class Notices {
    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

    private final Supplier<Settings> settings;
    private final RandomGenerator random;
    private final Plugins plugins;
    private final Events events;

    /**
     * @param plugins have those who sign
     */
    Notices(Supplier<Settings> settings, RandomGenerator random, Plugins plugins, Events events) {
        this.settings = settings;
        this.random = random;
        this.plugins = plugins;
        this.events = events;
    }

    /**
     * Tells the sender what he wants to know of it.
     *
     * @return the queue id of the notification, which is on stable storage now; empty if the sender wants none or there is no sender
     * @throws IOException if it could not be made
     */
    String post(Spool spool, Report report) throws IOException {
        List<Report.Line> wanted = report.lines().stream()
                .filter(line -> report.kind().wish.isWanted(line.recipient())).toList();
        // RFC 5321 section 6.1: never about a message with the null reverse-path
        if (wanted.isEmpty() || report.sender().isNull()) {
            return "";
        }
        Report asked = new Report(report.kind(), report.entry(), wanted, report.now(), report.retryUntil());
        try (Draft draft = spool.draft()) {
            write(asked, draft);
            return draft.id();
        }
    }

    private void write(Report report, Draft draft) throws IOException {
        String hostname = settings.get().hostname();
        boolean utf8 = report.sender().isInternational()
                || report.entry().envelope().parameters().containsKey("SMTPUTF8");
        ReportText text = new ReportText(report, hostname, utf8);
        ReturnedContent content = ReturnedContent.of(report, settings.get().returnLimit());
        Parts parts = new Parts(text.forPeople(), text.forMachines(), content, utf8);
        String boundary = boundary(draft.id(), content);

        OutputStream body = draft.body();
        parts.writeTo(body, boundary);
        body.flush();
        List<Header> headers = signed(draft, headers(report, draft.id(), parts, boundary));

        Recipient recipient = new Recipient(report.sender());
        Map<String, String> parameters = new HashMap<>(parts.parameters(report.sender()));
        if (report.isProtected()) {
            parameters.put("REQUIRETLS", "");
        }
        Envelope envelope = new Envelope(Address.NULL, List.of(recipient), parameters);
        long size = size(draft, headers);
        draft.commit(envelope, headers, Map.of("origin", "queue", "about", report.entry().id()));
        events.publish(MailEvent.Kind.ACCEPTED, draft.id(), Events.fields("from", "", "to",
                report.sender().toString(), "size", Long.toString(size), "nrcpt", "1", "about", report.entry().id()));
    }

    private List<Header> headers(Report report, String id, Parts parts, String boundary) {
        Settings now = settings.get();
        List<Header> headers = new ArrayList<>();
        headers.add(Header.of("Date", ReportText.date(report.now())));
        headers.add(Header.of("From", "Mail Delivery System <" + now.postmaster() + ">"));
        headers.add(Header.of("To", "<" + report.sender() + ">"));
        headers.add(Header.of("Subject", report.kind().subject));
        headers.add(Header.of("Message-ID", "<" + id + "@" + now.hostname() + ">"));
        headers.add(Header.of("Auto-Submitted", "auto-replied")); // RFC 3834 section 5
        headers.add(Header.of("MIME-Version", "1.0"));
        headers.add(Header.of("Content-Type",
                "multipart/report; report-type=delivery-status;\r\n boundary=\"" + boundary + '"'));
        if (parts.isEightBit()) {
            headers.add(Header.of("Content-Transfer-Encoding", "8bit"));
        }
        return headers;
    }

    // A notice that cannot be signed goes out as it is: its sender is better off with that than with none, or with a late one
    private List<Header> signed(Draft draft, List<Header> headers) {
        List<Header> signed = new ArrayList<>(headers);
        for (Lease<MessageSigner> lease : plugins.leaseAll(MessageSigner.class)) {
            try (lease) {
                signed.addAll(0, lease.service().sign(draft.message(signed)));
            } catch (IOException | RuntimeException e) {
                LOG.warn("{}: the notice is not signed by {}: {}", draft.id(), lease.name(), e.getMessage());
            }
        }
        return signed;
    }

    private static long size(Draft draft, List<Header> headers) {
        return draft.message(headers).size();
    }

    // What comes back may have been written to look like the end of its part.
    private String boundary(String id, ReturnedContent content) {
        String boundary;
        do {
            boundary = "=_" + id + "_" + HexFormat.of().toHexDigits(random.nextLong());
        } while (content.contains(boundary));
        return boundary;
    }

    /** The three parts of the report, and what they ask of the way back. */
    private record Parts(String people, String machines, ReturnedContent content, boolean utf8) {

        boolean isEightBit() {
            return !Printable.isAscii(people) || !Printable.isAscii(machines) || content.isEightBit();
        }

        Map<String, String> parameters(Address to) {
            boolean global = !Printable.isAscii(machines) || content.isGlobal() && utf8 || to.isInternational();
            if (global) {
                return Map.of("SMTPUTF8", "", "BODY", "8BITMIME"); // RFC 6533 section 4
            }
            return isEightBit() ? Map.of("BODY", "8BITMIME") : Map.of();
        }

        void writeTo(OutputStream out, String boundary) throws IOException {
            String status = Printable.isAscii(machines) ? "message/delivery-status" : "message/global-delivery-status";
            part(out, boundary, "Notification", Printable.isAscii(people)
                    ? "text/plain; charset=us-ascii"
                    : "text/plain; charset=utf-8", Printable.isAscii(people), people);
            part(out, boundary, "Delivery report", status, Printable.isAscii(machines), machines);
            part(out, boundary, content.description(), content.type(utf8), !content.isEightBit(), "");
            try (InputStream stream = content.open()) {
                stream.transferTo(out);
            }
            ascii(out, "\r\n--" + boundary + "--\r\n");
        }

        private static void part(OutputStream out, String boundary, String description, String type, boolean sevenBit,
                String text) throws IOException {
            ascii(out,
                    "--" + boundary + "\r\nContent-Description: " + description + "\r\nContent-Type: " + type + "\r\n"
                            + (sevenBit ? "" : "Content-Transfer-Encoding: 8bit\r\n") + "\r\n");
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.write(text.isEmpty() ? new byte[0] : new byte[]{'\r', '\n'});
        }

        private static void ascii(OutputStream out, String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
