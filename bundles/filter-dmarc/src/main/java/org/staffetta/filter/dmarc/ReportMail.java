package org.staffetta.filter.dmarc;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.signing.MessageSigner;
import org.staffetta.api.spool.Draft;
import org.staffetta.api.spool.Spool;

/** A report as a message (RFC 9990, "Transport"), written into the spool, where it is one like others. */
final class ReportMail {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z",
            Locale.ENGLISH);

    private final String host;
    private final Address from;
    private final List<MessageSigner> signers;
    private final Instant now;

    /**
     * @param host how this server calls itself
     * @param from who reports, and gets the bounces
     */
    ReportMail(String host, Address from, List<MessageSigner> signers, Instant now) {
        this.host = host;
        this.from = from;
        this.signers = List.copyOf(signers);
        this.now = now;
    }

    /**
     * Queues a report.
     *
     * @return the queue id; the message is on stable storage
     * @throws IOException if that is not possible now, or it should be signed and cannot be: RFC 9990 wants it to pass DMARC
     */
    String post(Spool spool, Collection<Address> to, ReportXml.Metadata metadata, Sample.Heading heading,
            Map<Sample.Row, Long> rows) throws IOException {
        try (Draft draft = spool.draft()) {
            String boundary = "=_" + draft.id();
            OutputStream body = draft.body();
            text(body, "--" + boundary + "\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
                    + "This is a DMARC aggregate report about " + heading.domain() + ", made by " + host + ".\r\n--"
                    + boundary + "\r\nContent-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n"
                    + "Content-Disposition: attachment;\r\n filename=\"" + file(metadata, heading) + "\"\r\n\r\n");
            attach(body, metadata, heading, rows);
            text(body, "\r\n--" + boundary + "--\r\n");
            body.flush();
            // whoever asks for reports and cannot take them need not tell us
            List<Recipient> recipients = to.stream().map(one -> new Recipient(one, Map.of("NOTIFY", "NEVER"))).toList();
            List<Header> headers = new ArrayList<>(headers(to, metadata, heading, boundary));
            for (MessageSigner signer : signers) {
                headers.addAll(0, signer.sign(draft.message(headers)));
            }
            draft.commit(new Envelope(from, recipients, Map.of()), headers, Map.of("origin", "dmarc"));
            return draft.id();
        }
    }

    private List<Header> headers(Collection<Address> to, ReportXml.Metadata metadata, Sample.Heading heading,
            String boundary) {
        return List.of(
                Header.of("Date", DATE.format(now.atZone(ZoneOffset.UTC))),
                Header.of("From", "<" + from + ">"),
                Header.of("To", to.stream().map(one -> "<" + one + ">").collect(Collectors.joining(",\r\n "))),
                Header.of("Subject", "Report Domain: " + heading.domain() + "\r\n Submitter: " + host
                        + "\r\n Report-ID: <" + metadata.id() + ">"),
                Header.of("Message-ID", "<" + metadata.id() + ">"),
                Header.of("Auto-Submitted", "auto-generated"), // RFC 3834 section 5
                Header.of("MIME-Version", "1.0"),
                Header.of("Content-Type", "multipart/mixed; boundary=\"" + boundary + '"'));
    }

    private String file(ReportXml.Metadata metadata, Sample.Heading heading) {
        return host + "!" + heading.domain() + "!" + metadata.begin() + "!" + (metadata.end() - 1) + ".xml.gz";
    }

    private static void attach(OutputStream body, ReportXml.Metadata metadata, Sample.Heading heading,
            Map<Sample.Row, Long> rows) throws IOException {
        OutputStream base64 = Base64.getMimeEncoder().wrap(new Unclosed(body));
        try (OutputStream gzip = new GZIPOutputStream(base64, 8192)) {
            new ReportXml(gzip).write(metadata, heading, rows);
        }
    }

    private static void text(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Base64 ends when its stream is closed, the message does not. */
    private static final class Unclosed extends FilterOutputStream {

        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            out.write(octets, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
